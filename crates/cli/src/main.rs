//! The binary `milaan`.

fn main() -> std::process::ExitCode {
    milaan_cli::main()
}
