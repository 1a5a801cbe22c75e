//! Lists in delimited files, one for the country or one a part.

use super::{Body, Portioned};
use crate::{
    Error,
    claim::Source,
    output::{At, Folder, Shape, Table, Truth},
    world::World,
};

/// A last line that begins with Total.
#[derive(Debug)]
pub(crate) struct Total {
    /// What is added up.
    pub(crate) column: usize,
    /// How the sum is written.
    pub(crate) written: fn(u64) -> String,
}

/// How a delimited list is laid out.
#[derive(Debug)]
pub(crate) struct TextLayout {
    /// The file of a part of the country, from the part's name; the same file may hold them all.
    pub(crate) path: fn(&str) -> String,
    /// The shape of a part's file.
    pub(crate) shape: fn(usize) -> Shape,
    pub(crate) header: &'static [&'static str],
    /// The total in a last line.
    pub(crate) total: Option<Total>,
    /// The header stands once more in the middle.
    pub(crate) repeated: bool,
}

/// A delimited list being written.
#[derive(Debug)]
pub(crate) struct TextSink {
    source: Source,
    layout: &'static TextLayout,
    open: Option<(Table, Shape)>,
    total: u64,
}

impl TextSink {
    pub(super) fn new(source: Source, layout: &'static TextLayout) -> Self {
        Self { source, layout, open: None, total: 0 }
    }

    pub(super) fn take(
        &mut self,
        world: &World,
        portion: Portioned,
        (folder, truth): (&mut Folder, &mut Truth),
    ) -> Result<(), Error> {
        let Body::Lines(lines, no_rows) = portion.body else { return Ok(()) };
        let path = (self.layout.path)(world.places.part(portion.part));
        if self.open.as_ref().is_some_and(|(table, _)| table.relative() != path) {
            self.finish()?;
        }
        if self.open.is_none() {
            let shape = (self.layout.shape)(portion.part);
            self.open = Some((folder.table(&path, shape, self.layout.header)?, shape));
        }
        let Some((table, _)) = &mut self.open else { return Ok(()) };
        for (nth, told) in portion.told.iter().enumerate() {
            let passed = no_rows.partition_point(|before| *before <= nth);
            let row = table.line + 1 + (nth + passed) as u64;
            truth.tell(self.source, At { file: &path, sheet: "", row }, told)?;
        }
        self.total += portion.total;
        table.append(&lines, (portion.told.len() + no_rows.len()) as u64)
    }

    pub(super) fn close(mut self) -> Result<(), Error> {
        self.finish()
    }

    /// Writes the total and closes the file.
    fn finish(&mut self) -> Result<(), Error> {
        let Some((mut table, shape)) = self.open.take() else { return Ok(()) };
        if let Some(Total { column, written }) = &self.layout.total {
            let mut cells = vec![String::new(); self.layout.header.len()];
            "Total".clone_into(&mut cells[0]);
            cells[*column] = written(self.total);
            table.write(shape, &cells)?;
        }
        self.total = 0;
        table.close()
    }
}
