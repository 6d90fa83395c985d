//! Many threads, one order: records are cut in order, worked on anywhere, and collected in order.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

/// Records that travel together: enough that channels cost nothing, few enough that memory does not.
const BATCH: usize = 64;

/// Batches under way for each worker.
const AHEAD: usize = 3;

/// Records with their place in the order; their memory is used again.
struct Batch<I> {
    number: u64,
    count: usize,
    raws: Vec<I>,
}

/// A batch worked on.
struct Done<I, O> {
    number: u64,
    outputs: Vec<O>,
    raws: Vec<I>,
}

/// Works on every record and hands the results to `consume` in the order of the input, whatever the
/// number of threads.
///
/// `next` fills a record and says whether there was one. Each thread makes itself a state with
/// `state`; the states come back in no particular order.
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
    I: Default + Clone + Send,
    S: Send,
    O: Send,
    E: Send,
{
    let threads = threads.max(1);
    let room = threads * AHEAD;
    let (free_in, free_out) = sync_channel::<Vec<I>>(room);
    let (job_in, job_out) = sync_channel::<Batch<I>>(room);
    let (done_in, done_out) = sync_channel::<Done<I, O>>(room);
    let job_out = Mutex::new(job_out);
    for _ in 0..room {
        // There is room for all of them, so none can fail.
        let _ = free_in.send(vec![I::default(); BATCH]);
    }
    thread::scope(|scope| {
        let reader = scope.spawn(move || read(next, &free_out, &job_in));
        let workers: Vec<_> = (0..threads)
            .map(|_| {
                let done = done_in.clone();
                let (jobs, state, work) = (&job_out, &state, &work);
                scope.spawn(move || labour(jobs, &done, state(), work))
            })
            .collect();
        drop(done_in);
        let collected = collect(&done_out, &free_in, &mut consume);
        // Without these the reader and the workers would wait for ever after an error.
        drop((done_out, free_in));
        let mut states = Vec::with_capacity(threads);
        for worker in workers {
            match worker.join() {
                Ok(state) => states.push(state),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        let read = reader.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        collected.and(read).map(|()| states)
    })
}

/// Fills batches until the input ends or nobody wants more.
fn read<I, E>(
    mut next: impl FnMut(&mut I) -> Result<bool, E>,
    free: &Receiver<Vec<I>>,
    jobs: &SyncSender<Batch<I>>,
) -> Result<(), E> {
    for number in 0.. {
        let Ok(mut raws) = free.recv() else { return Ok(()) };
        let mut count = 0;
        let mut outcome = Ok(true);
        for raw in &mut raws {
            outcome = next(raw);
            match outcome {
                Ok(true) => count += 1,
                Ok(false) | Err(_) => break,
            }
        }
        if count > 0 && jobs.send(Batch { number, count, raws }).is_err() {
            return Ok(());
        }
        if !outcome? {
            return Ok(());
        }
    }
    Ok(())
}

/// Works on batches until there are none.
fn labour<I, S, O>(
    jobs: &Mutex<Receiver<Batch<I>>>,
    done: &SyncSender<Done<I, O>>,
    mut state: S,
    work: &impl Fn(&mut S, &I) -> O,
) -> S {
    loop {
        let job = jobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner).recv();
        let Ok(Batch { number, count, raws }) = job else { return state };
        let outputs = raws.iter().take(count).map(|raw| work(&mut state, raw)).collect();
        if done.send(Done { number, outputs, raws }).is_err() {
            return state;
        }
    }
}

/// Puts batches back into order.
fn collect<I, O, E>(
    done: &Receiver<Done<I, O>>,
    free: &SyncSender<Vec<I>>,
    consume: &mut impl FnMut(O) -> Result<(), E>,
) -> Result<(), E> {
    let mut waiting: BTreeMap<u64, Vec<O>> = BTreeMap::new();
    let mut due = 0;
    for batch in done {
        waiting.insert(batch.number, batch.outputs);
        while let Some(outputs) = waiting.remove(&due) {
            due += 1;
            for output in outputs {
                consume(output)?;
            }
        }
        // The reader is gone when the input has ended.
        let _ = free.send(batch.raws);
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
        let (states, seen) = squares(3, Some(100));
        assert_eq!(states, Err("stop".to_owned()));
        assert_eq!(seen.len(), 10);
    }
}
