//! What the system tells about this process; `None` where it does not.

/// CPU seconds used so far, user and system.
pub(crate) fn cpu_seconds() -> Option<f64> {
    // Fields 14 and 15 of /proc/self/stat, counted after the name, in clock ticks; Linux reports 100 ticks a second to user
    // space on every architecture (proc(5), USER_HZ).
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let after_name = stat.rsplit_once(')')?.1;
    let mut fields = after_name.split_whitespace().skip(11);
    let ticks: f64 = fields.next()?.parse::<f64>().ok()? + fields.next()?.parse::<f64>().ok()?;
    Some(ticks / 100.0)
}

/// Peak resident memory in bytes.
pub(crate) fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024)
}
