//! Many threads, one order: records are cut in order, worked on anywhere, and collected in order.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::thread;

/// Records that travel together: enough that handing them on costs nothing, few enough that memory does not.
const BATCH: usize = 64;

/// Batches for each worker that wait to be collected.
const AHEAD: usize = 3;

/// Works on every record and hands the results to `consume` in the order of the input, whatever the
/// number of threads.
///
/// `next` fills a record and says whether there was one. Each thread makes itself a state with
/// `state`; the states come back in no particular order. One thread is the caller's own.
///
/// # Errors
/// The first error of `next` or `consume`, after which nothing more is consumed.
pub(crate) fn run<I, S, O, E>(
    threads: usize,
    next: impl FnMut(&mut I) -> Result<bool, E> + Send,
    state: impl Fn() -> S + Sync,
    work: impl Fn(&mut S, &I) -> O + Sync,
    mut consume: impl FnMut(O) -> Result<(), E>,
) -> Result<Vec<S>, E>
where
    I: Default,
    S: Send,
    O: Send,
    E: Send,
{
    if threads <= 1 {
        return alone(next, state(), work, consume).map(|state| vec![state]);
    }
    let source = Mutex::new(Source { next, batches: 0, end: None });
    let (done_in, done_out) = sync_channel::<Batch<O>>(threads * AHEAD);
    let (collected, states) = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let done = done_in.clone();
                let (source, state, work) = (&source, &state, &work);
                scope.spawn(move || labour(source, &done, state(), work))
            })
            .collect();
        drop(done_in);
        let collected = collect(&done_out, &mut consume);
        // Without it the workers would wait for ever after an error.
        drop(done_out);
        let join = |worker: thread::ScopedJoinHandle<'_, S>| {
            worker.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        (collected, workers.into_iter().map(join).collect())
    });
    let read = source.into_inner().unwrap_or_else(PoisonError::into_inner).end.unwrap_or(Ok(()));
    collected.and(read).map(|()| states)
}

/// Does all of it on this thread: nothing waits for another one, and nothing wakes it.
fn alone<I: Default, S, O, E>(
    mut next: impl FnMut(&mut I) -> Result<bool, E>,
    mut state: S,
    work: impl Fn(&mut S, &I) -> O,
    mut consume: impl FnMut(O) -> Result<(), E>,
) -> Result<S, E> {
    let mut raw = I::default();
    while next(&mut raw)? {
        consume(work(&mut state, &raw))?;
    }
    Ok(state)
}

/// Where the records come from. Whoever works on records cuts them himself, one after another: handed over, they would
/// have to come from the memory of another processor.
struct Source<F, E> {
    next: F,
    /// Batches cut so far.
    batches: u64,
    /// How the records ended, if they have.
    end: Option<Result<(), E>>,
}

impl<F, E> Source<F, E> {
    /// Fills records; how many there were.
    fn cut<I>(&mut self, raws: &mut [I]) -> usize
    where
        F: FnMut(&mut I) -> Result<bool, E>,
    {
        let mut count = 0;
        while let (None, Some(raw)) = (&self.end, raws.get_mut(count)) {
            match (self.next)(raw) {
                Ok(true) => count += 1,
                Ok(false) => self.end = Some(Ok(())),
                Err(error) => self.end = Some(Err(error)),
            }
        }
        self.batches += 1;
        count
    }
}

/// What became of records that follow each other.
struct Batch<O> {
    /// Its place among the batches, from 1.
    number: u64,
    outputs: Vec<O>,
}

/// Cuts batches and works on them until there are none.
fn labour<I: Default, S, O, E>(
    source: &Mutex<Source<impl FnMut(&mut I) -> Result<bool, E>, E>>,
    done: &SyncSender<Batch<O>>,
    mut state: S,
    work: &impl Fn(&mut S, &I) -> O,
) -> S {
    let mut raws: Vec<I> = (0..BATCH).map(|_| I::default()).collect();
    loop {
        let (number, count) = {
            let mut source = source.lock().unwrap_or_else(PoisonError::into_inner);
            let count = source.cut(&mut raws);
            (source.batches, count)
        };
        let outputs = raws.iter().take(count).map(|raw| work(&mut state, raw)).collect();
        if count == 0 || done.send(Batch { number, outputs }).is_err() {
            return state;
        }
    }
}

/// Puts batches back into order.
fn collect<O, E>(done: &Receiver<Batch<O>>, consume: &mut impl FnMut(O) -> Result<(), E>) -> Result<(), E> {
    let mut waiting: BTreeMap<u64, Vec<O>> = BTreeMap::new();
    let mut due = 1;
    for batch in done {
        waiting.insert(batch.number, batch.outputs);
        while let Some(outputs) = waiting.remove(&due) {
            due += 1;
            outputs.into_iter().try_for_each(&mut *consume)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares(threads: usize, stop: Option<u64>) -> (Result<usize, String>, Vec<u64>) {
        let mut rows = 0;
        let next = |row: &mut u64| {
            rows += 1;
            *row = rows;
            Ok(rows <= 1000)
        };
        let mut seen = Vec::new();
        let consume = |square| {
            seen.push(square);
            if Some(square) == stop { Err("stop".to_owned()) } else { Ok(()) }
        };
        let work = |count: &mut usize, row: &u64| {
            *count += 1;
            row * row
        };
        let states = run(threads, next, || 0_usize, work, consume);
        (states.map(|states| states.iter().sum()), seen)
    }

    #[test]
    fn order_is_that_of_the_input() {
        for threads in [1, 2, 7] {
            let (states, seen) = squares(threads, None);
            assert_eq!(states, Ok(1000));
            assert_eq!(seen, (1..=1000).map(|row| row * row).collect::<Vec<u64>>());
        }
    }

    #[test]
    fn an_error_ends_it_there() {
        for threads in [1, 2, 3] {
            let (states, seen) = squares(threads, Some(100));
            assert_eq!(states, Err("stop".to_owned()));
            assert_eq!(seen.len(), 10);
        }
    }

    #[test]
    fn what_stands_before_a_place_that_cannot_be_read_is_worked_on() {
        for (threads, good) in [(1, 100), (2, 100), (3, 0), (3, 2 * BATCH as u64)] {
            let mut rows = 0;
            let next = |row: &mut u64| {
                rows += 1;
                *row = rows;
                if rows > good { Err("unreadable".to_owned()) } else { Ok(true) }
            };
            let mut seen = Vec::new();
            let states = run(
                threads,
                next,
                || (),
                |(), row| *row,
                |row| {
                    seen.push(row);
                    Ok(())
                },
            );
            assert_eq!(states, Err("unreadable".to_owned()));
            assert_eq!(seen, (1..=good).collect::<Vec<u64>>(), "{threads} threads");
        }
    }
}
