//! Lanes: 64 bytes looked at at once, the answer one bit a byte.
//!
//! **Idea.** Most questions that the cutting of a text asks of a byte (is it a letter, a full stop, a line end?) are
//! asked of every byte and answered *no* by most. So they are put to 64 bytes together, and the answer is a machine
//! word whose lowest bit stands for the first byte; the few bytes that matter are then found by counting zeros.
//!
//! A task that asks nothing of bytes may be run so, too: it is compiled for what the processor has.
//!
//! **Cost.** A question takes some 14 instructions for 64 bytes with SSE2, which every x86-64 has, half of that with
//! AVX2, which most have today, and two or three with AVX-512. A loop that asks them is written once, as a [`Task`], and
//! compiled for each; which one [runs](run) is told by the processor. Other processors ask eight bytes at a time by sums that reach the highest
//! bit of each byte. The tests hold all ways to a plain one.
//!
//! **Source.** Lemire, Langdale, *Parsing Gigabytes of JSON per Second*, VLDB Journal 2019.

/// How many bytes are looked at at once.
pub(crate) const LANES: usize = 64;

/// 64 bytes.
pub(crate) trait Lanes: Copy {
    fn of(block: &[u8; LANES]) -> Self;

    /// Which bytes are one of these.
    fn any_of<const COUNT: usize>(self, these: [u8; COUNT]) -> u64;

    /// Which bytes lie between two, both included.
    fn within(self, first: u8, last: u8) -> u64;

    /// Which bytes are letters of ASCII.
    fn letters(self) -> u64;

    /// Which bytes are part of a character beyond ASCII.
    fn beyond_ascii(self) -> u64;

    /// The bytes from a place on; behind the end stand zeros.
    #[inline(always)]
    fn at(bytes: &[u8], place: usize) -> Self {
        let rest = bytes.get(place..).unwrap_or_default();
        match rest.first_chunk() {
            Some(block) => Self::of(block),
            None => {
                let mut block = [0; LANES];
                block[..rest.len()].copy_from_slice(rest);
                Self::of(&block)
            }
        }
    }
}

/// What is done with lanes: a loop that is worth to be compiled for each kind of processor. Only what is always inlined
/// into it is.
pub(crate) trait Task {
    type Answer;

    fn run<L: Lanes>(self) -> Self::Answer;
}

/// Runs a task with the widest lanes that the processor has.
#[cfg(target_arch = "x86_64")]
#[inline]
pub(crate) fn run<T: Task>(task: T) -> T::Answer {
    let task = match widest::run(task) {
        Ok(answer) => return answer,
        Err(task) => task,
    };
    match wide::run(task) {
        Ok(answer) => answer,
        Err(task) => task.run::<sse2::Narrow>(),
    }
}

/// Runs a task.
#[cfg(not(target_arch = "x86_64"))]
#[inline]
pub(crate) fn run<T: Task>(task: T) -> T::Answer {
    task.run::<portable::Portable>()
}

/// The lowest bits, as many as there are bytes.
#[inline]
pub(crate) fn lowest(count: usize) -> u64 {
    if count < LANES { (1 << count) - 1 } else { !0 }
}

/// Lanes in vectors of some bytes, of which the calls are given.
#[cfg(target_arch = "x86_64")]
macro_rules! vectors {
    ($name:ident, $vector:ty, $count:literal, $bytes:literal, $answer:ty, $load:ident, $all:ident, $equal:ident,
     $least:ident, $or:ident, $minus:ident, $highest:ident) => {
        #[derive(Clone, Copy)]
        pub(super) struct $name([$vector; $count]);

        impl $name {
            /// One bit for each byte whose highest bit is set in the answer to a question.
            #[inline(always)]
            fn ask(self, question: impl Fn($vector) -> $vector) -> u64 {
                let mut answers = 0;
                for part in 0..$count {
                    // SAFETY: see the module.
                    let bits = unsafe { $highest(question(self.0[part])) };
                    answers |= u64::from(bits as $answer) << ($bytes * part);
                }
                answers
            }

            #[inline(always)]
            fn within(bytes: $vector, first: u8, last: u8) -> $vector {
                // SAFETY: see the module.
                unsafe {
                    let distance = $minus(bytes, $all(first as i8));
                    $equal($least(distance, $all((last - first) as i8)), distance)
                }
            }
        }

        impl super::Lanes for $name {
            #[inline(always)]
            fn of(block: &[u8; super::LANES]) -> Self {
                let (parts, _) = block.as_chunks::<$bytes>();
                // SAFETY: see the module; a part has as many bytes as a vector, and may stand anywhere.
                $name(std::array::from_fn(|part| unsafe { $load(parts[part].as_ptr().cast()) }))
            }

            #[inline(always)]
            fn any_of<const COUNT: usize>(self, these: [u8; COUNT]) -> u64 {
                self.ask(|bytes| {
                    // SAFETY: see the module.
                    unsafe {
                        let mut found = $equal(bytes, $all(these[0] as i8));
                        for byte in &these[1..] {
                            found = $or(found, $equal(bytes, $all(*byte as i8)));
                        }
                        found
                    }
                })
            }

            #[inline(always)]
            fn within(self, first: u8, last: u8) -> u64 {
                self.ask(|bytes| Self::within(bytes, first, last))
            }

            #[inline(always)]
            fn letters(self) -> u64 {
                // SAFETY: see the module.
                self.ask(|bytes| Self::within(unsafe { $or(bytes, $all(0x20)) }, b'a', b'z'))
            }

            #[inline(always)]
            fn beyond_ascii(self) -> u64 {
                self.ask(|bytes| bytes)
            }
        }
    };
}

#[cfg(target_arch = "x86_64")]
mod sse2 {
    //! Calls of SSE2 are marked unsafe because a processor may lack it. An x86-64 never does: it is part of that
    //! architecture, and of what the compiler takes for granted. Only the load touches memory, through a reference.
    #![allow(unsafe_code)]

    use std::arch::x86_64::{
        __m128i, _mm_cmpeq_epi8, _mm_loadu_si128, _mm_min_epu8, _mm_movemask_epi8, _mm_or_si128, _mm_set1_epi8,
        _mm_sub_epi8,
    };

    vectors!(
        Narrow,
        __m128i,
        4,
        16,
        u16,
        _mm_loadu_si128,
        _mm_set1_epi8,
        _mm_cmpeq_epi8,
        _mm_min_epu8,
        _mm_or_si128,
        _mm_sub_epi8,
        _mm_movemask_epi8
    );
}

#[cfg(target_arch = "x86_64")]
mod wide {
    //! Calls of AVX2 are marked unsafe because a processor may lack it. All of them stand in [`Wide`], which nobody has
    //! but a task that [`run`] gives it to, and `run` asks the processor first. Only the load touches memory, through a
    //! reference.
    #![allow(unsafe_code)]

    use std::arch::x86_64::{
        __m256i, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256,
        _mm256_set1_epi8, _mm256_sub_epi8,
    };

    vectors!(
        Wide,
        __m256i,
        2,
        32,
        u32,
        _mm256_loadu_si256,
        _mm256_set1_epi8,
        _mm256_cmpeq_epi8,
        _mm256_min_epu8,
        _mm256_or_si256,
        _mm256_sub_epi8,
        _mm256_movemask_epi8
    );

    /// Runs a task, or gives it back if the processor is an older one.
    #[inline]
    pub(super) fn run<T: super::Task>(task: T) -> Result<T::Answer, T> {
        if is_x86_feature_detected!("avx2")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("popcnt")
        {
            // SAFETY: the processor has what the function is compiled for.
            Ok(unsafe { run_wide(task) })
        } else {
            Err(task)
        }
    }

    #[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
    fn run_wide<T: super::Task>(task: T) -> T::Answer {
        task.run::<Wide>()
    }
}

#[cfg(target_arch = "x86_64")]
mod widest {
    //! Calls of AVX-512 are marked unsafe because a processor may lack it. All of them stand in [`Widest`], which nobody
    //! has but a task that [`run`] gives it to, and `run` asks the processor first. Only the load touches memory, through
    //! a reference to as many bytes as it reads.
    #![allow(unsafe_code)]

    use std::arch::x86_64::{
        __m512i, _mm512_cmpeq_epi8_mask, _mm512_cmple_epu8_mask, _mm512_loadu_si512, _mm512_movepi8_mask,
        _mm512_or_si512, _mm512_set1_epi8, _mm512_sub_epi8,
    };

    #[derive(Clone, Copy)]
    pub(super) struct Widest(__m512i);

    impl Widest {
        #[inline(always)]
        fn within(bytes: __m512i, first: u8, last: u8) -> u64 {
            // SAFETY: see the module.
            unsafe {
                let distance = _mm512_sub_epi8(bytes, _mm512_set1_epi8(first as i8));
                _mm512_cmple_epu8_mask(distance, _mm512_set1_epi8((last - first) as i8))
            }
        }
    }

    impl super::Lanes for Widest {
        #[inline(always)]
        fn of(block: &[u8; super::LANES]) -> Self {
            // SAFETY: see the module; the bytes may stand anywhere.
            Widest(unsafe { _mm512_loadu_si512(block.as_ptr().cast()) })
        }

        #[inline(always)]
        fn any_of<const COUNT: usize>(self, these: [u8; COUNT]) -> u64 {
            // SAFETY: see the module.
            let equal = |byte: u8| unsafe { _mm512_cmpeq_epi8_mask(self.0, _mm512_set1_epi8(byte as i8)) };
            these.iter().fold(0, |found, byte| found | equal(*byte))
        }

        #[inline(always)]
        fn within(self, first: u8, last: u8) -> u64 {
            Self::within(self.0, first, last)
        }

        #[inline(always)]
        fn letters(self) -> u64 {
            // SAFETY: see the module.
            Self::within(unsafe { _mm512_or_si512(self.0, _mm512_set1_epi8(0x20)) }, b'a', b'z')
        }

        #[inline(always)]
        fn beyond_ascii(self) -> u64 {
            // SAFETY: see the module.
            unsafe { _mm512_movepi8_mask(self.0) }
        }
    }

    /// Runs a task, or gives it back if the processor is an older one.
    #[inline]
    pub(super) fn run<T: super::Task>(task: T) -> Result<T::Answer, T> {
        if is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512dq")
            && is_x86_feature_detected!("avx512vl")
            && is_x86_feature_detected!("bmi1")
            && is_x86_feature_detected!("bmi2")
            && is_x86_feature_detected!("popcnt")
        {
            // SAFETY: the processor has what the function is compiled for.
            Ok(unsafe { run_widest(task) })
        } else {
            Err(task)
        }
    }

    #[target_feature(enable = "avx512bw,avx512dq,avx512vl,bmi1,bmi2,popcnt")]
    fn run_widest<T: super::Task>(task: T) -> T::Answer {
        task.run::<Widest>()
    }
}

#[cfg(any(test, not(target_arch = "x86_64")))]
mod portable {
    /// In each byte the highest bit.
    const HIGHEST: u64 = 0x8080_8080_8080_8080;

    #[derive(Clone, Copy)]
    pub(super) struct Portable([u64; 8]);

    impl Portable {
        /// One bit for each byte whose highest bit is set in the answer to a question.
        #[inline(always)]
        fn ask(self, question: impl Fn(u64) -> u64) -> u64 {
            let mut answers = 0;
            for (number, bytes) in self.0.into_iter().enumerate() {
                let bits = question(bytes) & HIGHEST;
                // The eight highest bits, side by side.
                answers |= ((bits >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56) << (8 * number);
            }
            answers
        }
    }

    impl super::Lanes for Portable {
        #[inline(always)]
        fn of(block: &[u8; super::LANES]) -> Self {
            let (eights, _) = block.as_chunks::<8>();
            Portable(std::array::from_fn(|number| u64::from_le_bytes(eights[number])))
        }

        #[inline(always)]
        fn any_of<const COUNT: usize>(self, these: [u8; COUNT]) -> u64 {
            self.ask(|bytes| {
                these.iter().fold(0, |found, &byte| {
                    let other = bytes ^ all(byte);
                    found | !(((other & !HIGHEST) + all(0x7f)) | other)
                })
            })
        }

        #[inline(always)]
        fn within(self, first: u8, last: u8) -> u64 {
            self.ask(|bytes| at_least(bytes, first) & !last.checked_add(1).map_or(0, |next| at_least(bytes, next)))
        }

        #[inline(always)]
        fn letters(self) -> u64 {
            self.ask(|bytes| {
                let lower = bytes | all(0x20);
                at_least(lower, b'a') & !at_least(lower, b'z' + 1)
            })
        }

        #[inline(always)]
        fn beyond_ascii(self) -> u64 {
            self.ask(|bytes| bytes)
        }
    }

    const fn all(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }

    /// The highest bit of each byte that is not less than one given.
    #[inline(always)]
    fn at_least(bytes: u64, least: u8) -> u64 {
        let low = bytes & !HIGHEST;
        match least {
            0..=0x80 => (low + all(0x80 - least)) | bytes,
            _ => (low + all(0u8.wrapping_sub(least))) & bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(bytes: &[u8], holds: impl Fn(u8) -> bool) -> u64 {
        bytes.iter().take(LANES).enumerate().map(|(place, byte)| u64::from(holds(*byte)) << place).sum()
    }

    /// All questions, put to some lanes.
    #[derive(Clone, Copy)]
    struct Questions<'b> {
        bytes: &'b [u8],
        first: u8,
        last: u8,
    }

    impl Task for Questions<'_> {
        type Answer = [u64; 4];

        #[inline(always)]
        fn run<L: Lanes>(self) -> [u64; 4] {
            let lanes = L::at(self.bytes, 0);
            let any_of = lanes.any_of([self.first, self.last, b'.']);
            [any_of, lanes.within(self.first, self.last), lanes.letters(), lanes.beyond_ascii()]
        }
    }

    /// All ways of asking against the plain one.
    fn assert_equal(bytes: &[u8], first: u8, last: u8) {
        let mut padded = bytes.to_vec();
        padded.resize(bytes.len().max(LANES), 0);
        let expected = [
            plain(&padded, |byte| [first, last, b'.'].contains(&byte)),
            plain(&padded, |byte| (first..=last).contains(&byte)),
            plain(&padded, |byte| byte.is_ascii_alphabetic()),
            plain(&padded, |byte| !byte.is_ascii()),
        ];
        let questions = Questions { bytes, first, last };
        assert_eq!(run(questions), expected);
        assert_eq!(questions.run::<portable::Portable>(), expected);
        #[cfg(target_arch = "x86_64")]
        {
            assert_eq!(questions.run::<sse2::Narrow>(), expected);
            // A processor that lacks them gives the questions back.
            assert_eq!(wide::run(questions).unwrap_or(expected), expected);
            assert_eq!(widest::run(questions).unwrap_or(expected), expected);
        }
    }

    #[test]
    fn every_byte_between_every_two() {
        let all: Vec<u8> = (0..=255).collect();
        for first in 0..=255 {
            for last in first..=255 {
                for part in all.chunks(LANES) {
                    assert_equal(part, first, last);
                }
            }
        }
    }

    #[test]
    fn lowest_bits() {
        assert_eq!([lowest(0), lowest(1), lowest(63), lowest(64), lowest(99)], [0, 1, !0 >> 1, !0, !0]);
    }

    proptest! {
        #[test]
        fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..100), one: u8, other: u8) {
            assert_equal(&bytes, one.min(other), one.max(other));
        }
    }
}
