//! Progress on a terminal, and how long each stage took.
//!
//! The library tells when a stage begins and how far it is; here that is drawn and timed. This is the one place of the
//! program that looks at a clock, and nothing of it reaches a report.
#![allow(clippy::disallowed_methods, reason = "stages are timed here, outside of the library")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use dittograph::progress::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Nothing is drawn before this much time has gone by: a scan that takes a blink shall not flicker.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often a stage is drawn that tells nothing.
const TICK: Duration = Duration::from_millis(200);
/// Drawings in a second at most.
const RATE: u8 = 10;

/// Times the stages and draws the current one.
pub(crate) struct Stages {
    start: Instant,
    clock: Mutex<Clock>,
    bar: ProgressBar,
    /// Whether anybody looks.
    wanted: bool,
    drawn: AtomicBool,
}

#[derive(Default)]
struct Clock {
    done: Vec<(&'static str, Duration)>,
    current: Option<(&'static str, Instant)>,
}

impl Clock {
    /// Ends the current stage. A stage that comes back (`read`, say) is counted together.
    fn stop(&mut self) {
        if let Some((stage, since)) = self.current.take() {
            match self.done.iter_mut().find(|(name, _)| *name == stage) {
                Some((_, spent)) => *spent += since.elapsed(),
                None => self.done.push((stage, since.elapsed())),
            }
        }
    }
}

impl Stages {
    pub(crate) fn new(wanted: bool) -> Self {
        Stages {
            start: Instant::now(),
            clock: Mutex::default(),
            bar: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
            wanted,
            drawn: AtomicBool::new(false),
        }
    }

    /// Ends the current stage and takes its drawing away, so that a line can be printed.
    pub(crate) fn rest(&self) {
        self.clock().stop();
        if self.drawn.load(Ordering::Relaxed) {
            self.bar.finish_and_clear();
        }
    }

    /// The time of each stage in the order of their first beginning, and of the whole.
    pub(crate) fn timings(&self) -> Vec<(String, String)> {
        let clock = self.clock();
        let seconds = |spent: Duration| format!("{:.3} s", spent.as_secs_f64());
        let mut rows: Vec<_> = clock.done.iter().map(|&(stage, spent)| (stage.to_owned(), seconds(spent))).collect();
        rows.push(("in all".to_owned(), seconds(self.start.elapsed())));
        rows
    }

    fn clock(&self) -> MutexGuard<'_, Clock> {
        self.clock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn draw_when_due(&self) {
        if self.wanted && !self.drawn.load(Ordering::Relaxed) && self.start.elapsed() > PATIENCE {
            self.drawn.store(true, Ordering::Relaxed);
            self.bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(RATE));
        }
    }
}

impl Progress for Stages {
    fn begin(&self, stage: &'static str, total: u64) {
        {
            let mut clock = self.clock();
            clock.stop();
            clock.current = Some((stage, Instant::now()));
        }
        if !self.wanted {
            return;
        }
        self.draw_when_due();
        self.bar.reset();
        self.bar.set_style(style(stage, total > 0));
        if total > 0 {
            self.bar.set_length(total);
        }
        self.bar.set_message(stage);
        if self.drawn.load(Ordering::Relaxed) {
            // A stage that tells nothing until it is done still shows that time goes by. The ticking ends with the bar.
            self.bar.enable_steady_tick(TICK);
        }
    }

    fn advance(&self, steps: u64) {
        if self.wanted {
            self.draw_when_due();
            self.bar.inc(steps);
        }
    }
}

/// Stages that count bytes, others of a known number of steps, and those of which nothing is known.
const TEMPLATES: [&str; 3] = [
    "{msg:12} {wide_bar} {percent:>3} %  {decimal_bytes_per_sec:>11}  {eta:>4} left",
    "{msg:12} {wide_bar} {percent:>3} %  {per_sec:>11}  {eta:>4} left",
    "{msg:12} {spinner} {elapsed}",
];

/// Stages whose steps are bytes.
const IN_BYTES: [&str; 2] = ["input", "writing"];

fn style(stage: &str, total_known: bool) -> ProgressStyle {
    let template = match (total_known, IN_BYTES.contains(&stage)) {
        (true, true) => TEMPLATES[0],
        (true, false) => TEMPLATES[1],
        (false, _) => TEMPLATES[2],
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stages_are_timed_in_order_and_counted_together() {
        let stages = Stages::new(false);
        for stage in ["read", "text", "read"] {
            stages.begin(stage, 3);
            stages.advance(3);
        }
        stages.rest();
        stages.rest();
        let rows = stages.timings();
        let names: Vec<&str> = rows.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["read", "text", "in all"]);
        assert!(rows.iter().all(|(_, time)| time.ends_with(" s")));
    }

    #[test]
    fn templates_are_valid() {
        for template in TEMPLATES {
            assert!(ProgressStyle::with_template(template).is_ok());
        }
    }
}
