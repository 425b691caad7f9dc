//! Owns a line put together where nothing may be allocated or formatted: in a signal handler. Invariant:
//! what does not fit is cut, never written elsewhere.

/// A line built without allocation; what does not fit is cut.
pub(super) struct Buffer {
    bytes: [u8; 256],
    length: usize,
}

impl Default for Buffer {
    fn default() -> Self {
        Self {
            bytes: [0; 256],
            length: 0,
        }
    }
}

impl Buffer {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        for (place, byte) in self.bytes.iter_mut().skip(self.length).zip(bytes) {
            *place = *byte;
            self.length += 1;
        }
    }

    pub(super) fn push_number(&mut self, mut number: u32) {
        let mut digits = [b'0'; 10];
        let mut used = 0;
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
            number /= 10;
            used += 1;
            if number == 0 {
                break;
            }
        }
        self.push(digits.get(10 - used..).unwrap_or_default());
    }

    pub(super) fn filled(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }
}
