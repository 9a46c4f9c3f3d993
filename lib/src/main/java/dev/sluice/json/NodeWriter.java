package dev.sluice.json;

import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.POJONode;

/// A Jackson tree, by its own types: a decimal node stays a decimal, a binary node bytes.
final class NodeWriter {
  private NodeWriter() {}

  static void write(JsonGenerator out, JsonNode node, Style style, int depth) {
    switch (node.getNodeType()) {
      case OBJECT -> object(out, node, style, depth);
      case ARRAY -> {
        out.writeStartArray(node);
        for (var item : node.values()) {
          ValueWriter.value(out, item, style, depth);
        }
        out.writeEndArray();
      }
      case STRING -> ValueWriter.text(out, node.stringValue(), style);
      case NUMBER -> ValueWriter.value(out, node.numberValue(), style, depth);
      case BOOLEAN -> out.writeBoolean(node.booleanValue());
      case NULL, MISSING -> out.writeNull();
      case BINARY -> ValueWriter.bytes(out, node.binaryValue(), style);
      case POJO -> ValueWriter.value(out, ((POJONode) node).getPojo(), style, depth);
    }
  }

  private static void object(JsonGenerator out, JsonNode node, Style style, int depth) {
    out.writeStartObject(node);
    var properties =
        style.sorted
            ? node.properties().stream()
                .sorted(java.util.Map.Entry.comparingByKey(MapWriter.BY_CODE_POINTS))
                .toList()
            : node.properties();
    for (var property : properties) {
      MapWriter.name(out, property.getKey());
      ValueWriter.value(out, property.getValue(), style, depth);
    }
    out.writeEndObject();
  }
}
