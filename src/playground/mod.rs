//! The episode loop: observe, decide, act, evaluate.
