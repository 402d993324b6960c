package io.latencystore.testkit;

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
public record Json(Map<String, @Nullable Object> fields) {

  /** Reads a file that holds one object. */
  public static Json read(Path file) throws IOException {
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

  /** Whether there is a field of this name that is not null. */
  public boolean has(String name) {
    return fields.get(name) != null;
  }

  /** A field that is a text. */
  public String text(String name) {
    return (String) get(name);
  }

  /** A field that is true or false. */
  public boolean flag(String name) {
    return (boolean) get(name);
  }

  /** A field that is a number. */
  public BigDecimal decimal(String name) {
    return new BigDecimal(get(name).toString());
  }

  /** A field that is a whole number. */
  public long integer(String name) {
    return decimal(name).longValueExact();
  }

  /** A field that is an object. */
  public Json object(String name) {
    return (Json) get(name);
  }

  /** A field that is an array of objects. */
  public List<Json> objects(String name) {
    return list(name).stream().map(Json.class::cast).toList();
  }

  /** A field that is an array of texts or numbers, as texts. */
  public List<String> texts(String name) {
    return list(name).stream().map(String::valueOf).toList();
  }

  /** The rows of a table: an array of arrays, and the names of its columns in another. */
  public List<Json> table(String columns, String rows) {
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
