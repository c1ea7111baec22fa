//! Selection: those of many numbers that pass a test which nobody can foretell.
//!
//! **Idea.** A branch that goes one way or the other by chance costs as much as ten steps without one. So every number is
//! written, and the place for the next one moves on only if it passed.
//!
//! **Cost.** A few instructions a number, whether it passes or not.

/// Numbers that are looked at before those that passed are appended.
const BATCH: usize = 64;

/// Appends what `make` makes of each number that passes a test, in order.
#[inline]
pub(crate) fn append_selected<T: Copy, U: Copy + Default>(
    selected: &mut Vec<U>,
    numbers: &[T],
    passes: impl Fn(T) -> bool,
    make: impl Fn(T) -> U,
) {
    let mut batch = [U::default(); BATCH];
    for numbers in numbers.chunks(BATCH) {
        let mut count = 0;
        for number in numbers {
            // Always within the batch: the remainder is for the compiler.
            batch[count % BATCH] = make(*number);
            count += usize::from(passes(*number));
        }
        selected.extend_from_slice(&batch[..count]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_passes_is_appended(numbers in prop::collection::vec(0u32..100, 0..300), least in 0u32..110) {
            let mut selected = vec![7u64];
            append_selected(&mut selected, &numbers, |number| number >= least, |number| u64::from(number) + 1);
            let plainly = numbers.iter().filter(|number| **number >= least).map(|number| u64::from(*number) + 1);
            prop_assert_eq!(selected, std::iter::once(7).chain(plainly).collect::<Vec<u64>>());
        }
    }
}
