package dev.sluice.pipe;

import dev.sluice.seam.Seam;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One resource as the engine sees it: a head or a parent, and steps.
@Seam
public final class Pipe {
  final String name;
  final @Nullable Head head;
  final @Nullable Pipe parent;
  final List<Step> steps;
  final PipeSettings settings;
  final boolean delivered;
  final Object owner;

  private Pipe(
      String name,
      @Nullable Head head,
      @Nullable Pipe parent,
      List<Step> steps,
      PipeSettings settings,
      boolean delivered,
      Object owner) {
    this.name = name;
    this.head = head;
    this.parent = parent;
    this.steps = List.copyOf(steps);
    this.settings = settings;
    this.delivered = delivered;
    this.owner = owner;
  }

  /// A pipe that begins with a head.
  ///
  /// - `delivered`: whether its rows are wanted, or only those of its children
  /// - `owner`: what the rows are delivered with
  public static Pipe of(
      String name,
      Head head,
      List<Step> steps,
      PipeSettings settings,
      boolean delivered,
      Object owner) {
    return new Pipe(name, head, null, steps, settings, delivered, owner);
  }

  /// A pipe that begins with the elements of another.
  public static Pipe of(
      String name,
      Pipe parent,
      List<Step> steps,
      PipeSettings settings,
      boolean delivered,
      Object owner) {
    return new Pipe(name, null, parent, steps, settings, delivered, owner);
  }

  /// What the rows are delivered with.
  public Object owner() {
    return owner;
  }
}
