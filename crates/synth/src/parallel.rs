//! Work on all processors, taken in order: the output does not depend on how many there are.

use std::{
    sync::mpsc::{Receiver, sync_channel},
    thread,
};

/// Results that a worker may be ahead; bounds the memory.
const AHEAD: usize = 2;

/// Makes the results of 0 to `count` on `threads` threads and hands them to `take` in order, on this thread.
/// The first error of either side ends all.
pub(crate) fn in_order<T: Send, E: Send>(
    (count, threads): (usize, usize),
    make: impl Fn(usize) -> Result<T, E> + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let threads = threads.clamp(1, count.max(1));
    let make = &make;
    thread::scope(|scope| {
        let results: Vec<Receiver<Result<T, E>>> = (0..threads)
            .map(|worker| {
                let (send, receive) = sync_channel(AHEAD);
                scope.spawn(move || {
                    for number in (worker..count).step_by(threads) {
                        // The other side has gone: it met an error.
                        if send.send(make(number)).is_err() {
                            return;
                        }
                    }
                });
                receive
            })
            .collect();
        for number in 0..count {
            // A worker that panicked makes the scope panic when it ends.
            let Ok(result) = results[number % threads].recv() else { break };
            take(result?)?;
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order() {
        for threads in [1, 2, 3, 8] {
            let mut seen = Vec::new();
            let done: Result<(), ()> = in_order(
                (50, threads),
                |number| Ok(number * 2),
                |result| {
                    seen.push(result);
                    Ok(())
                },
            );
            assert_eq!(done, Ok(()));
            assert_eq!(seen, (0..50).map(|number| number * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn an_error_ends_all() {
        let done = in_order(
            (1000, 3),
            |number| if number == 7 { Err("bad") } else { Ok(number) },
            |_| Ok(()),
        );
        assert_eq!(done, Err("bad"));
        assert_eq!(
            in_order((1000, 3), Ok, |number| if number == 5 { Err(5) } else { Ok(()) }),
            Err(5)
        );
    }
}
