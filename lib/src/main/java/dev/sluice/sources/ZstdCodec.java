package dev.sluice.sources;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.util.zip.ZipException;

/// The codec of zstd-jni, which a script adds if it has such files: looked up by name, since the
/// library is built without it.
///
/// Only buffers outside the heap are handed to it: with arrays it gives garbage on JDK 25.0.0 to
/// 25.0.2 with G1 (JDK-8377811), and on any other it holds up the garbage collector. A window may
/// be 128 MB (`--long`), as for the tool `zstd` itself.
final class ZstdCodec {
  // Numbers of zstd_errors.h, which zstd promises to keep.
  private static final long PREFIX_UNKNOWN = 10;
  private static final long WINDOW_TOO_LARGE = 16;
  private static final long DICTIONARY_WRONG = 32;
  private static final int LARGEST_WINDOW_MB = 128;

  private final Object context;
  private final MethodHandle unpack;
  private final MethodHandle close;

  private ZstdCodec(Object context, MethodHandle unpack, MethodHandle close) {
    this.context = context;
    this.unpack = unpack;
    this.close = close;
  }

  /// A SourceFailed with the line to add if the codec is not on the class path.
  static ZstdCodec open() {
    try {
      var type = Class.forName("com.github.luben.zstd.ZstdDecompressCtx");
      var methods = MethodHandles.publicLookup();
      return new ZstdCodec(
          type.getConstructor().newInstance(),
          methods.findVirtual(
              type,
              "decompressDirectByteBufferStream",
              MethodType.methodType(boolean.class, ByteBuffer.class, ByteBuffer.class)),
          methods.findVirtual(type, "close", MethodType.methodType(void.class)));
    } catch (ClassNotFoundException absent) {
      throw new SourceFailed(
          "it is packed by zstd, whose codec is not on the class path; add the line"
              + " '//DEPS com.github.luben:zstd-jni:1.5.7-28' to the script (or this dependency to"
              + " the build), or pack the file by gzip",
          absent);
    } catch (ReflectiveOperationException | LinkageError unusable) {
      throw new SourceFailed(
          "it is packed by zstd, whose codec does not start here ('"
              + unusable
              + "'); use zstd-jni 1.5.7-28, or pack the file by gzip",
          unusable);
    }
  }

  /// Unpacks what there is room for; whether that ended a frame.
  boolean unpack(ByteBuffer into, ByteBuffer from) throws ZipException {
    try {
      return (boolean) unpack.invoke(context, into, from);
    } catch (RuntimeException refused) {
      throw said(refused);
    } catch (Throwable other) {
      throw unexpected(other);
    }
  }

  void close() {
    try {
      close.invoke(context);
    } catch (Throwable other) {
      throw unexpected(other);
    }
  }

  /// Neither method declares a checked exception.
  private static RuntimeException unexpected(Throwable other) {
    if (other instanceof Error error) {
      throw error;
    }
    return other instanceof RuntimeException unchecked
        ? unchecked
        : new IllegalStateException(other);
  }

  private static RuntimeException said(RuntimeException refused) throws ZipException {
    var code = code(refused);
    if (code == WINDOW_TOO_LARGE) {
      return new SourceFailed(
          "it is packed by zstd with a window of more than "
              + LARGEST_WINDOW_MB
              + " MB, which would have to be in memory; pack it anew with --long=27 at most",
          refused);
    }
    if (code == DICTIONARY_WRONG) {
      return new SourceFailed(
          "it is packed by zstd with a dictionary, which is not in the file; pack it anew without",
          refused);
    }
    throw new ZipException(
        code == PREFIX_UNKNOWN ? "Not in zstd format" : String.valueOf(refused.getMessage()));
  }

  /// The number within a ZstdException, where it may be negative; 0 of any other.
  private static long code(RuntimeException refused) {
    try {
      var method = refused.getClass().getMethod("getErrorCode");
      return method.invoke(refused) instanceof Long number ? Math.abs(number) : 0;
    } catch (ReflectiveOperationException other) {
      return 0;
    }
  }
}
