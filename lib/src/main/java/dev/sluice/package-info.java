/// What a script imports. Start reading at [Sluice], whose methods only forward, then [Pipeline].
///
/// ```text
/// declare                 extract                     normalize                    load
/// Resource ─ Transformer  rows → typed-jsonl files    typed-jsonl → typed columns, jobs → destination,
///    └ Source, hints      buffers, rotation, pools    nested tables, load files    one commit for a package
///         │                     │                          │                          │
///         │              extracted/<load_id>/       normalized/<load_id>/       loaded/<load_id>/
///         └──────────────────────────── inspect: any of these as Tablesaw tables ─────────────────┘
/// ```
///
/// A row of packages may import the rows below it, never its own row or one above; so a stage never
/// imports a stage.
///
/// ```text
/// facade   dev.sluice                       static doors + Pipeline
/// after    inspect   sources                tables of everything · ready-made sources
/// stages   extract   normalize   load       they meet only in the files of a load package
/// nouns    resource  store  http            not one another either
/// engine   pipe                             steps, pools, order, back-pressure
/// words    schema   table                   tables, types, dispositions, contracts, state · rows to look at
/// leaves   json  config  progress  parquet  import nothing of ours
/// ```
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
