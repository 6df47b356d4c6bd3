//! From evidence to a verdict, one file per evaluator.
