//! Numbers of texts found by the texts' hashes; the texts themselves lie elsewhere.
//!
//! Invariant: at most half of the slots are used, so that a search ends.

/// Open addressing: number + 1, or 0.
#[derive(Debug, Default)]
pub(super) struct Slots {
    slots: Vec<u32>,
    used: usize,
}

impl Slots {
    /// Bytes held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.slots.capacity() * size_of::<u32>()
    }

    pub(super) fn find(&self, hash: u64, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mask = self.slots.len().checked_sub(1)?;
        let mut place = hash as usize & mask;
        while self.slots[place] != 0 {
            let number = self.slots[place] - 1;
            if is_it(number) {
                return Some(number);
            }
            place = (place + 1) & mask;
        }
        None
    }

    pub(super) fn insert(&mut self, hash: u64, number: u32, hash_of: impl Fn(u32) -> u64) {
        if (self.used + 1) * 2 > self.slots.len() {
            let grown = vec![0; (self.slots.len() * 2).max(16)];
            for slot in std::mem::replace(&mut self.slots, grown) {
                if slot != 0 {
                    self.put(hash_of(slot - 1), slot - 1);
                }
            }
        }
        self.put(hash, number);
        self.used += 1;
    }

    fn put(&mut self, hash: u64, number: u32) {
        let mask = self.slots.len() - 1;
        let mut place = hash as usize & mask;
        while self.slots[place] != 0 {
            place = (place + 1) & mask;
        }
        self.slots[place] = number + 1;
    }
}
