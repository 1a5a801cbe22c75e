//! `--flat`: what a peer can read, three Parquet files of text, a missing value being NULL.
//!
//! The list is what a careful user of another tool would make of the dumps: names in small letters, cut at the first space
//! (Andhra writes the family first) or the last (Pakistan), LATE and dots taken away; digits only; dates as yyyy-mm-dd, and of a
//! stated age the year it points at, as 1 January. Native script stays as it stands.

use std::{fs::File, path::PathBuf, sync::Arc};

use arrow::{
    array::{ArrayRef, RecordBatch, StringBuilder},
    datatypes::{DataType, Field, Schema, SchemaRef},
    error::ArrowError,
};
use chrono::{Datelike, NaiveDate};
use parquet::{
    arrow::ArrowWriter,
    basic::{Compression, ZstdLevel},
    file::properties::WriterProperties,
};

use crate::{
    Error, claim::Claim, names::Sex, order::Programme, output::Folder, people::AS_ON, world::World,
};

/// Columns of `flat/registry.parquet`.
pub(crate) const REGISTRY: &[&str] = &[
    "reg_id",
    "hh_id",
    "surname",
    "given_name",
    "relation_name",
    "dob",
    "gender",
    "house_no",
    "village",
    "mandal",
    "district",
    "phone",
    "uid",
];
/// Columns of `flat/list.parquet`.
pub(crate) const LIST: &[&str] = &[
    "dept_id",
    "surname",
    "given_name",
    "relation_name",
    "dob",
    "gender",
    "house_no",
    "village",
    "mandal",
    "district",
    "phone",
    "uid",
];
/// Columns of `flat/truth.parquet`.
pub(crate) const TRUTH: &[&str] = &["dept_id", "reg_id"];
/// Rows of a row group.
const GROUP: usize = 250_000;

/// Rows being collected, all text.
#[derive(Debug)]
pub(crate) struct Columns {
    schema: SchemaRef,
    builders: Vec<StringBuilder>,
}

impl Columns {
    pub(crate) fn new(names: &[&str]) -> Self {
        Self {
            schema: schema(names),
            builders: names.iter().map(|_| StringBuilder::new()).collect(),
        }
    }

    /// Adds a row; an empty value is missing.
    pub(crate) fn push<'t>(&mut self, values: impl IntoIterator<Item = &'t str>) {
        for (builder, value) in self.builders.iter_mut().zip(values) {
            builder.append_option((!value.is_empty()).then_some(value));
        }
    }

    /// The rows as a batch.
    pub(crate) fn finish(mut self) -> Result<RecordBatch, ArrowError> {
        let columns =
            self.builders.iter_mut().map(|builder| Arc::new(builder.finish()) as ArrayRef);
        RecordBatch::try_new(self.schema, columns.collect())
    }
}

fn schema(names: &[&str]) -> SchemaRef {
    let fields: Vec<_> = names.iter().map(|name| Field::new(*name, DataType::Utf8, true)).collect();
    Arc::new(Schema::new(fields))
}

/// One Parquet file being written.
pub(crate) struct FlatFile {
    writer: ArrowWriter<File>,
    path: PathBuf,
}

impl FlatFile {
    pub(crate) fn new(folder: &mut Folder, name: &str, columns: &[&str]) -> Result<Self, Error> {
        let path = folder.path(&format!("flat/{name}.parquet"))?;
        let file =
            File::create(&path).map_err(|source| Error::Write { path: path.clone(), source })?;
        let level = ZstdLevel::try_new(1).map(Compression::ZSTD);
        let properties = WriterProperties::builder()
            .set_compression(level.unwrap_or(Compression::UNCOMPRESSED))
            .set_max_row_group_row_count(Some(GROUP))
            .set_created_by("milaan synth".to_owned())
            .build();
        let writer = ArrowWriter::try_new(file, schema(columns), Some(properties));
        match writer {
            Ok(writer) => Ok(Self { writer, path }),
            Err(source) => Err(Error::Parquet { path, source }),
        }
    }

    pub(crate) fn write(&mut self, batch: &RecordBatch) -> Result<(), Error> {
        let path = &self.path;
        self.writer.write(batch).map_err(|source| Error::Parquet { path: path.clone(), source })
    }

    pub(crate) fn close(self) -> Result<(), Error> {
        let path = self.path;
        self.writer.close().map(drop).map_err(|source| Error::Parquet { path, source })
    }
}

/// A name in small letters without dots and LATE, cut into surname and given names; one word alone is a given name.
pub(crate) fn surname_and_given(programme: Programme, name: &str) -> (String, String) {
    let clean = cleaned(name);
    let cut = match programme {
        Programme::PeopleHub => clean.split_once(' '),
        Programme::Ehsaas => clean.rsplit_once(' ').map(|(given, last)| (last, given)),
    };
    match cut {
        Some((surname, given)) => (surname.to_owned(), given.to_owned()),
        None => (String::new(), clean),
    }
}

/// Small letters, words one space apart, no dots, no LATE.
pub(crate) fn cleaned(name: &str) -> String {
    let spaced = name.replace('.', " ").to_lowercase();
    spaced.split_whitespace().filter(|word| *word != "late").collect::<Vec<_>>().join(" ")
}

/// M or F.
pub(crate) fn gender(sex: Sex) -> &'static str {
    if sex == Sex::Male { "M" } else { "F" }
}

/// yyyy-mm-dd.
pub(crate) fn iso(date: NaiveDate) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// One row of the list.
pub(crate) fn list_row(columns: &mut Columns, world: &World, key: &str, claim: &Claim, age: bool) {
    let (surname, given) = surname_and_given(world.programme, &claim.name);
    let birth = match claim.birth {
        Some(birth) => iso(birth),
        None if age => format!("{}-01-01", i64::from(AS_ON.0) - claim.age),
        None => String::new(),
    };
    let relative = match claim.relation {
        "Self" => String::new(),
        _ => cleaned(&claim.relative),
    };
    let village = world.places.village(claim.village);
    columns.push([
        key,
        &surname,
        &given,
        &relative,
        &birth,
        gender(claim.sex),
        &claim.house_no,
        &claim.village_name.to_lowercase(),
        &world.places.mandal(village).to_lowercase(),
        &claim.district.to_lowercase(),
        &claim.mobile,
        &claim.id,
    ]);
}
