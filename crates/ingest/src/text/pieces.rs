//! The body of a large file in pieces that are read at the same time.
//!
//! A piece ends behind a line's end. That may be within a quoted cell: then the record at the piece's end has no end,
//! which is seen when the piece is read, and its bytes go to the front of the next one. So the records are the same as
//! if they were read one after the other, and the pieces depend on the file alone, not on the number of threads.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::mpsc::{Receiver, sync_channel};

use super::met::Met;
use super::records::{Dialect, Records};
use super::scan::breaks;
use crate::batches::PieceSink;
use crate::body::Body;
use crate::error::Error;
use crate::limits::Limits;
use crate::row::RawRow;
use crate::source::fill_from;
use crate::table::{Flow, Sink};

/// What reading in pieces needs.
pub(super) struct Pieces<'a, 'b> {
    pub(super) dialect: &'b Dialect,
    pub(super) limits: &'b Limits,
    pub(super) pool: &'b rayon::ThreadPool,
    pub(super) body: &'b mut Body<'a>,
    pub(super) sink: &'b mut dyn Sink,
    pub(super) met: &'b mut Met,
}

/// A piece of the file and where it begins.
struct Piece {
    bytes: Vec<u8>,
    line: u64,
    whole: bool,
}

/// What became of a piece.
struct Done<'a> {
    piece: Piece,
    /// Bytes of the piece that are records; what is behind belongs to the next one.
    used: usize,
    /// The line behind them.
    line: u64,
    met: Met,
    body: Body<'a>,
    sink: PieceSink,
    outcome: Result<(), Error>,
}

/// What is not read yet, where pieces do not serve.
pub(super) struct Rest<R> {
    pub(super) bytes: Vec<u8>,
    pub(super) input: R,
    pub(super) line: u64,
}

impl<'a> Pieces<'a, '_> {
    /// Reads pieces to the end of the file. `Some`: a line is longer than a piece, or the sink has enough; the rest is
    /// to be read one record after the other.
    pub(super) fn read<R: Read>(
        mut self,
        rest: Rest<R>,
        failed: &dyn Fn(std::io::Error) -> Error,
    ) -> Result<Option<Rest<R>>, Error> {
        let at_once = self.pool.current_num_threads() + 2;
        let pool = self.pool;
        let mut source = Source { rest, eof: false, piece_bytes: self.limits.piece_bytes.max(1) };
        // Bytes of the record that the last piece did not end, and the line where it begins.
        let mut open: Option<(Vec<u8>, u64)> = None;
        pool.in_place_scope(|scope| {
            let mut waiting: VecDeque<Receiver<Done<'a>>> = VecDeque::new();
            loop {
                while waiting.len() < at_once
                    && let Some(piece) = source.next(self.dialect, failed)?
                {
                    let (dialect, most) = (self.dialect.clone(), self.limits.record_bytes_max);
                    let (body, sink) = (self.body.fork(), self.sink.piece());
                    let (sender, receiver) = sync_channel(1);
                    let Some(sink) = sink else { return Ok(Some(source.back(piece))) };
                    scope.spawn(move |_| {
                        // Nobody listens once a piece above has failed.
                        let _ = sender.send(work(piece, dialect, most, body, sink));
                    });
                    waiting.push_back(receiver);
                }
                let Some(receiver) = waiting.pop_front() else { break };
                let done = receiver.recv().map_err(|_| failed(broke_off()))?;
                if self.take(done, &mut open)? == Flow::Enough {
                    return Ok(Some(source.rest));
                }
            }
            if source.eof && open.is_none() {
                return Ok(None);
            }
            Ok(Some(source.behind(open)))
        })
    }

    /// Takes a piece's records in their turn.
    fn take(&mut self, done: Done<'a>, open: &mut Option<(Vec<u8>, u64)>) -> Result<Flow, Error> {
        let dependent = self.body.depends() || done.body.depends() || done.outcome.is_err();
        if open.is_none() && !dependent {
            self.met.add(&done.met);
            keep(&done.piece, done.used, done.line, open);
            self.body.absorb(done.body, self.sink)?;
            return self.sink.join(done.sink);
        }
        // Once more, after what stands above it.
        let mut piece = done.piece;
        if let Some((mut bytes, line)) = open.take() {
            bytes.append(&mut piece.bytes);
            piece = Piece { bytes, line, whole: piece.whole };
        }
        let (dialect, most) = (self.dialect.clone(), self.limits.record_bytes_max);
        let Piece { bytes, line, whole } = piece;
        let mut records = Records::<&[u8]>::piece(bytes, whole, line, dialect, most);
        let mut row = RawRow::default();
        let mut flow = Flow::More;
        while flow == Flow::More && matches!(records.next(&mut row), Ok(true)) {
            flow = self.body.push(&row, self.sink)?;
        }
        let line = records.line();
        let (left, _, met) = records.into_rest();
        self.met.add(&met);
        if !left.is_empty() {
            *open = Some((left, line));
        }
        Ok(flow)
    }
}

fn keep(piece: &Piece, used: usize, line: u64, open: &mut Option<(Vec<u8>, u64)>) {
    if used < piece.bytes.len() {
        *open = Some((piece.bytes[used..].to_vec(), line));
    }
}

fn broke_off() -> std::io::Error {
    std::io::Error::other("the reader broke off")
}

/// Reads one piece by itself.
fn work(
    piece: Piece,
    dialect: Dialect,
    record_bytes_max: usize,
    mut body: Body<'_>,
    mut sink: PieceSink,
) -> Done<'_> {
    let Piece { bytes, line, whole } = piece;
    let length = bytes.len();
    let mut records = Records::<&[u8]>::piece(bytes, whole, line, dialect, record_bytes_max);
    let mut row = RawRow::default();
    let mut outcome = Ok(());
    // Reading from memory does not fail.
    while outcome.is_ok() && matches!(records.next(&mut row), Ok(true)) {
        outcome = body.push(&row, &mut sink).map(drop);
        if body.suspects() {
            break;
        }
    }
    let end = records.line();
    let (bytes, used, met) = records.into_piece();
    debug_assert_eq!(bytes.len(), length, "the piece is kept whole");
    Done { piece: Piece { bytes, line, whole }, used, line: end, met, body, sink, outcome }
}

/// The file's bytes, cut behind line ends.
struct Source<R> {
    rest: Rest<R>,
    eof: bool,
    piece_bytes: usize,
}

impl<R: Read> Source<R> {
    /// The next piece; `None`: the file ends, or its next line is longer than a piece.
    fn next(
        &mut self,
        dialect: &Dialect,
        failed: &dyn Fn(std::io::Error) -> Error,
    ) -> Result<Option<Piece>, Error> {
        let Rest { bytes, input, line } = &mut self.rest;
        let had = bytes.len();
        if !self.eof && had < self.piece_bytes {
            bytes.resize(self.piece_bytes, 0);
            let came = fill_from(input, &mut bytes[had..]).map_err(failed)?;
            bytes.truncate(had + came);
            self.eof = had + came < self.piece_bytes;
        }
        let end = if self.eof {
            bytes.len()
        } else {
            bytes.iter().rposition(|&b| b == b'\n').map_or(0, |at| at + 1)
        };
        if end == 0 {
            return Ok(None);
        }
        let left = bytes.split_off(end);
        let piece = std::mem::replace(bytes, left);
        let begins = *line;
        *line += breaks(&piece, dialect.lone_cr);
        Ok(Some(Piece { whole: self.eof, line: begins, bytes: piece }))
    }

    /// Everything not read, a piece that was cut off already in front.
    fn back(self, piece: Piece) -> Rest<R> {
        self.behind(Some((piece.bytes, piece.line)))
    }

    fn behind(self, open: Option<(Vec<u8>, u64)>) -> Rest<R> {
        let Some((mut bytes, line)) = open else { return self.rest };
        bytes.extend_from_slice(&self.rest.bytes);
        Rest { bytes, line, input: self.rest.input }
    }
}
