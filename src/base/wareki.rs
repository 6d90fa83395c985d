//! 和暦: dates in Japanese eras, read and written.
