package io.latencystore.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads JSON back: objects as maps, arrays as lists, numbers as the text they were written as. */
final class Json {

  private Json() {}

  /** The one object that a text holds. */
  static Map<?, ?> object(String text) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(text)) {
      parser.nextToken();
      if (!(value(parser) instanceof Map<?, ?> object)) {
        throw new IllegalArgumentException("no object: " + text);
      } else if (parser.nextToken() != null) {
        throw new IllegalArgumentException("more than one object: " + text);
      }
      return object;
    }
  }

  /** The object under a name. */
  static Map<?, ?> object(Map<?, ?> parent, String name) {
    if (parent.get(name) instanceof Map<?, ?> object) {
      return object;
    }
    throw new IllegalArgumentException("no object " + name + " in " + parent);
  }

  /** The objects of the array under a name. */
  static List<Map<?, ?>> objects(Map<?, ?> parent, String name) {
    List<Map<?, ?>> objects = new ArrayList<>();
    if (parent.get(name) instanceof List<?> array) {
      for (Object element : array) {
        objects.add((Map<?, ?>) element);
      }
      return objects;
    }
    throw new IllegalArgumentException("no array " + name + " in " + parent);
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        Map<String, @Nullable Object> object = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
          String name = parser.currentName();
          parser.nextToken();
          object.put(name, value(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        List<@Nullable Object> array = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        yield array;
      }
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      case VALUE_NULL -> null;
      default -> parser.getText();
    };
  }
}
