//! temp
use milaan_ingest::*;
fn main() {
    let path = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    if std::env::args().nth(2).is_some() {
        let mut b = rust_xlsxwriter::Workbook::new();
        let s = b.add_worksheet();
        for c in 0..13u16 {
            s.write(0, c, format!("Column {c}")).unwrap();
        }
        for r in 1..=200_000u32 {
            for c in 0..13u16 {
                if c % 3 == 0 {
                    s.write(r, c, f64::from(r) * 7.0 + f64::from(c)).unwrap();
                } else {
                    s.write(r, c, format!("Name {} {}", r % 5000, c)).unwrap();
                }
            }
        }
        b.save(&path).unwrap();
        return;
    }
    let file = DumpFile { name: path.file_name().unwrap().to_string_lossy().into_owned(), path };
    for threads in [1] {
        let t = std::time::Instant::now();
        let out = std::fs::File::create("/tmp/speed.parquet").unwrap();
        let l = Limits { threads, ..Limits::default() };
        let r = land_with(&[file.clone()], &Reading::default(), &l, std::io::BufWriter::new(out))
            .unwrap();
        let status = std::fs::read_to_string("/proc/self/status").unwrap();
        let hwm = status.lines().find(|l| l.starts_with("VmHWM")).unwrap();
        println!(
            "{} rows {} rejects {:?} {} {:?}",
            r.rows,
            r.rejects.len(),
            t.elapsed(),
            hwm,
            r.files[0].counts[0].found
        );
    }
}
