package dev.sluice.inspect;

import dev.sluice.json.JsonStreams;
import dev.sluice.seam.IoFault;
import dev.sluice.table.Cells;
import dev.sluice.table.Grid;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// What was kept back on the way through normalize, from the package's `quarantine` folder.
final class Quarantine {
  private Quarantine() {}

  static Grid read(String title, Path packageFolder, long limit) {
    var grid = Grid.of(title, "table", "resource", "file", "line", "column", "reason", "value");
    for (var file : files(packageFolder)) {
      try (var stream = Files.newInputStream(file);
          var json = JsonStreams.parser(stream)) {
        while (grid.rows() < limit && json.nextToken() != null) {
          if (JsonStreams.read(json) instanceof Map<?, ?> row) {
            grid.row(PackageGrids.strings(row));
          }
        }
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "Cannot read the quarantine file '" + file + "': " + IoFault.said(e, file), e);
      }
    }
    return grid.build(title + " (" + Cells.count(grid.rows(), "row") + ")");
  }

  static List<Path> files(Path packageFolder) {
    var files = new ArrayList<Path>();
    try (var found = Files.newDirectoryStream(packageFolder.resolve("quarantine"), "*.jsonl")) {
      found.forEach(files::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw unlistable(packageFolder, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw unlistable(packageFolder, e);
    }
    Collections.sort(files);
    return files;
  }

  private static IllegalArgumentException unlistable(Path packageFolder, IOException e) {
    return new IllegalArgumentException(
        "Cannot list the quarantine of '" + packageFolder + "': " + IoFault.said(e), e);
  }
}
