//! The generated pages of docs/ are what the code says; every example in them is run.

use std::fmt::Write as _;
use std::sync::Arc;

use datafusion::prelude::{SessionConfig, SessionContext};
use milaan_functions::{FUNCTIONS, Secrets};
use milaan_kernels::secret::Keyring;

use crate::harness::root;

crate::tests!(
    functions_page_is_up_to_date,
    reports_page_is_up_to_date,
    function_examples_hold,
    fields_page_is_up_to_date
);

/// A session as a run has it, with a key that protects nothing.
pub(crate) fn session() -> SessionContext {
    let mut config = SessionConfig::new();
    config.options_mut().extensions.insert(Secrets::new(Arc::new(Keyring::new([7; 32]))));
    let ctx = SessionContext::new_with_config(config);
    milaan_functions::register(&ctx);
    ctx
}

/// Compares a page with what is generated, or writes it under MILAAN_BLESS.
fn up_to_date(name: &str, generated: &str) {
    let path = root().join("docs").join(name);
    if std::env::var_os("MILAAN_BLESS").is_some() {
        std::fs::write(&path, generated).expect(name);
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == generated, "docs/{name} is not what the code says: run `just docs`");
}

fn functions_page_is_up_to_date() {
    let mut page = String::from(
        "# SQL functions\n\nGenerated from `FUNCTIONS` in `crates/functions` by `just docs`. NULL in gives NULL out unless said otherwise.\n",
    );
    for function in FUNCTIONS {
        let args: Vec<String> =
            function.args.iter().map(|(name, kind)| format!("{name} {kind:?}")).collect();
        let more = if function.variadic { ", …" } else { "" };
        let _ = write!(
            page,
            "\n## {}\n\n`{}({}{more})` → {:?}, class {}\n\n{}.\n\n```sql\n{}; -- {}\n```\n",
            function.name,
            function.name,
            args.join(", "),
            function.returns,
            match function.class {
                milaan_functions::ResultClass::Inherit => "of its arguments",
                milaan_functions::ResultClass::Comparison =>
                    "internal between two columns of one class, else of its arguments",
                milaan_functions::ResultClass::Fixed(class) => class.as_str(),
            },
            function.doc,
            function.example.0,
            function.example.1
        );
    }
    up_to_date("functions.md", &page);
}

fn reports_page_is_up_to_date() {
    let pipeline =
        milaan_manifest::load(&root().join("pipelines/people-hub")).expect("the pipeline");
    let mut page =
        String::from("# Reports\n\nGenerated from the contracts in `pipelines/` by `just docs`.\n");
    for report in &pipeline.reports {
        let contract = &report.contract;
        let _ = write!(
            page,
            "\n## {} (version {})\n\n{}. One row: {}. Key and order: {}.\n\n| column | type | | meaning |\n|---|---|---|---|\n",
            contract.name,
            contract.version,
            contract.title,
            contract.grain,
            contract.key.join(", ")
        );
        for column in &contract.columns {
            let words = if column.values.is_empty() {
                String::new()
            } else {
                format!(" ({})", column.values.join(", "))
            };
            let required = if column.required { "required" } else { "" };
            let _ = writeln!(
                page,
                "| {} | {} | {required} | {}{words} |",
                column.name, column.kind, column.meaning
            );
        }
    }
    up_to_date("reports.md", &page);
}

fn function_examples_hold() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let ctx = session();
    for function in FUNCTIONS {
        let (sql, wanted) = function.example;
        let batches =
            runtime.block_on(async { ctx.sql(sql).await.expect(sql).collect().await.expect(sql) });
        let text = datafusion::arrow::util::display::array_value_to_string(batches[0].column(0), 0)
            .expect(sql);
        assert_eq!(text, wanted, "{sql}");
    }
}

fn fields_page_is_up_to_date() {
    let mut page = String::from(
        "# Semantic fields\n\nGenerated from `crates/model/src/field` by `just docs`. A source file says which of them each column is.\n\n\
         | field | class | roles | meaning | canonical columns |\n|---|---|---|---|---|\n",
    );
    for field in milaan_model::field::FIELDS {
        let roles = match field.roles {
            milaan_model::field::Roles::Optional => "optional".to_owned(),
            milaan_model::field::Roles::Required => "any, required".to_owned(),
            milaan_model::field::Roles::OneOf(roles) => roles.join(", "),
        };
        let base = if matches!(field.roles, milaan_model::field::Roles::OneOf(_)) {
            "<role>"
        } else {
            field.name
        };
        let columns: Vec<String> =
            field.canonical.iter().map(|one| format!("`{}`", one.column(base))).collect();
        let _ = writeln!(
            page,
            "| `{}` | {} | {roles} | {} | {} |",
            field.name,
            field.class,
            field.meaning,
            columns.join(", ")
        );
    }
    up_to_date("fields.md", &page);
}
