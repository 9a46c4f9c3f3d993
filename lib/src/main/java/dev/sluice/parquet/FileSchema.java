package dev.sluice.parquet;

import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.DateType;
import org.apache.parquet.format.DecimalType;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.IntType;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.format.MicroSeconds;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.StringType;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimeUnit;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;

/// Names and types of the columns of a file.
record FileSchema(List<String> names, List<ParquetType> types) {
  private static final int DECIMAL_BYTES = 16;

  static FileSchema of(List<Column> columns) {
    return new FileSchema(
        columns.stream().map(Column::name).toList(), columns.stream().map(Column::type).toList());
  }

  /// Whether these are the columns of the file, in its order.
  boolean suits(List<Column> columns) {
    if (columns.size() != names.size()) {
      return false;
    }
    for (var i = 0; i < columns.size(); i++) {
      var column = columns.get(i);
      if (!column.name().equals(names.get(i)) || !column.type().equals(types.get(i))) {
        return false;
      }
    }
    return true;
  }

  /// As the footer has them: a root and its children.
  List<SchemaElement> elements() {
    var elements = new ArrayList<SchemaElement>();
    elements.add(new SchemaElement("schema").setNum_children(names.size()));
    for (var i = 0; i < names.size(); i++) {
      elements.add(element(names.get(i), types.get(i)));
    }
    return elements;
  }

  /// How the values of a type are stored, whatever they mean.
  static Type physical(ParquetType type) {
    return switch (type.kind()) {
      case TEXT, BYTES -> Type.BYTE_ARRAY;
      case BOOLEAN -> Type.BOOLEAN;
      case DOUBLE -> Type.DOUBLE;
      case DECIMAL -> Type.FIXED_LEN_BYTE_ARRAY;
      case INTEGER, DATE, TIME, TIMESTAMP, INSTANT ->
          type.width() == Integer.BYTES ? Type.INT32 : Type.INT64;
    };
  }

  private static SchemaElement element(String name, ParquetType type) {
    var element =
        new SchemaElement(name)
            .setType(physical(type))
            .setRepetition_type(FieldRepetitionType.OPTIONAL);
    return switch (type.kind()) {
      case BYTES, BOOLEAN, DOUBLE -> element;
      case TEXT ->
          element
              .setConverted_type(ConvertedType.UTF8)
              .setLogicalType(LogicalType.STRING(new StringType()));
      case INTEGER ->
          element
              .setConverted_type(integer(type.size()))
              .setLogicalType(LogicalType.INTEGER(new IntType((byte) type.size(), true)));
      case DECIMAL ->
          element
              .setType_length(DECIMAL_BYTES)
              .setPrecision(type.size())
              .setScale(type.scale())
              .setConverted_type(ConvertedType.DECIMAL)
              .setLogicalType(LogicalType.DECIMAL(new DecimalType(type.scale(), type.size())));
      case DATE ->
          element
              .setConverted_type(ConvertedType.DATE)
              .setLogicalType(LogicalType.DATE(new DateType()));
      // The older annotation would mean UTC.
      case TIME -> element.setLogicalType(LogicalType.TIME(new TimeType(false, micros())));
      case TIMESTAMP ->
          element.setLogicalType(LogicalType.TIMESTAMP(new TimestampType(false, micros())));
      case INSTANT ->
          element
              .setConverted_type(ConvertedType.TIMESTAMP_MICROS)
              .setLogicalType(LogicalType.TIMESTAMP(new TimestampType(true, micros())));
    };
  }

  private static ConvertedType integer(int bits) {
    return switch (bits) {
      case 8 -> ConvertedType.INT_8;
      case 16 -> ConvertedType.INT_16;
      case 32 -> ConvertedType.INT_32;
      default -> ConvertedType.INT_64;
    };
  }

  private static TimeUnit micros() {
    return TimeUnit.MICROS(new MicroSeconds());
  }
}
