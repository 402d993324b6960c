package io.latencystore.sqlite;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** An object of a JSON text; numbers are decimals, whether the text quotes them or not. */
record Json(Map<String, @Nullable Object> fields) {

  static Json read(Path file) throws IOException {
    try (JsonParser parser = new JsonFactory().createParser(file.toFile())) {
      parser.nextToken();
      return (Json) Objects.requireNonNull(value(parser));
    }
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private static Json object(JsonParser parser) throws IOException {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      fields.put(name, value(parser));
    }
    return new Json(fields);
  }

  private static List<@Nullable Object> array(JsonParser parser) throws IOException {
    List<@Nullable Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      elements.add(value(parser));
    }
    return elements;
  }

  boolean has(String name) {
    return fields.get(name) != null;
  }

  String text(String name) {
    return (String) get(name);
  }

  boolean flag(String name) {
    return (boolean) get(name);
  }

  BigDecimal decimal(String name) {
    return new BigDecimal(get(name).toString());
  }

  long integer(String name) {
    return decimal(name).longValueExact();
  }

  Json object(String name) {
    return (Json) get(name);
  }

  List<Json> objects(String name) {
    return list(name).stream().map(Json.class::cast).toList();
  }

  List<String> texts(String name) {
    return list(name).stream().map(String::valueOf).toList();
  }

  /** The rows of a table: an array of arrays, and the names of its columns in another. */
  List<Json> table(String columns, String rows) {
    List<String> names = texts(columns);
    List<Json> table = new ArrayList<>();
    for (Object row : list(rows)) {
      Map<String, @Nullable Object> cells = new LinkedHashMap<>();
      for (int i = 0; i < names.size(); i++) {
        cells.put(names.get(i), ((List<?>) row).get(i));
      }
      table.add(new Json(cells));
    }
    return table;
  }

  private List<?> list(String name) {
    return (List<?>) get(name);
  }

  private Object get(String name) {
    return Objects.requireNonNull(fields.get(name), name);
  }
}
