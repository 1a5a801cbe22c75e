//! What stands between two cells of a line: one byte, several, or a run of white space.

/// A delimiter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Delimiter {
    /// One byte.
    Byte(u8),
    /// Several bytes, as `||` or `¦`.
    Text(Vec<u8>),
    /// At least so many spaces or tabs: columns aligned for the eye.
    Spaces(usize),
}

/// Whether a delimiter stands at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    No,
    /// So many bytes of it.
    Yes(usize),
    /// The piece at hand ends too early to tell.
    NeedsMore,
}

impl Delimiter {
    /// Whether a cell could end at this byte.
    pub(crate) fn may_begin(&self, byte: u8) -> bool {
        match self {
            Self::Byte(own) => *own == byte,
            Self::Text(own) => own.first() == Some(&byte),
            Self::Spaces(_) => byte == b' ' || byte == b'\t',
        }
    }

    /// Whether it is white space, as stands within names and addresses too.
    pub(crate) fn is_blank(&self) -> bool {
        matches!(self, Self::Spaces(_) | Self::Byte(b' '))
    }

    /// Whether the delimiter stands right before a place.
    pub(crate) fn stands_before(&self, data: &[u8], at: usize) -> bool {
        match self {
            Self::Text(own) => data[..at].ends_with(own),
            _ => data[..at].last().is_some_and(|&byte| self.may_begin(byte)),
        }
    }

    /// Looks at `data[at..]`; `whole`: nothing comes behind `data`.
    pub(crate) fn stands(&self, data: &[u8], at: usize, whole: bool) -> Stands {
        let data = &data[at..];
        match self {
            Self::Byte(own) => {
                if data.first() == Some(own) {
                    Stands::Yes(1)
                } else {
                    Stands::No
                }
            }
            Self::Text(own) if data.starts_with(own) => Stands::Yes(own.len()),
            Self::Text(own) if !whole && own.starts_with(data) => Stands::NeedsMore,
            Self::Text(_) => Stands::No,
            Self::Spaces(least) => {
                let run = data.iter().take_while(|&&b| b == b' ' || b == b'\t').count();
                match data.get(run) {
                    None if !whole => Stands::NeedsMore,
                    // White space at a line's end divides nothing.
                    None | Some(b'\n' | b'\r') => Stands::No,
                    _ if run >= *least && run > 0 => Stands::Yes(run),
                    _ => Stands::No,
                }
            }
        }
    }

    /// As it is written between the cells of a rejected row.
    pub(crate) fn written(&self) -> String {
        match self {
            Self::Byte(byte) => char::from(*byte).to_string(),
            Self::Text(text) => String::from_utf8_lossy(text).into_owned(),
            Self::Spaces(least) => " ".repeat(*least),
        }
    }

    /// As the receipt names it.
    pub(crate) fn word(&self) -> String {
        match self {
            Self::Byte(b'\t') => "tab".to_owned(),
            Self::Byte(b' ') => "space".to_owned(),
            Self::Byte(byte) if byte.is_ascii_control() => format!("0x{byte:02x}"),
            Self::Spaces(1) => "white space".to_owned(),
            Self::Spaces(least) => format!("{least} or more spaces"),
            other => other.written().replace('\t', "<tab>"),
        }
    }
}
