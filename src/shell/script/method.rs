//! Owns Ruby's ways to name a method instead of calling it: symbols, `send`, `method`, `&:name`. Does not own
//! what the method does. Invariant: a colon that is no symbol's is left alone.

use super::eval::{Operand, Reader};
use super::token::Token;
use super::{Language, Value, builtin};

impl Reader<'_> {
    /// True where a colon before the token at `ahead` makes it a symbol: only at the start of an argument, since
    /// `a ? b : c` has colons as well.
    pub(super) fn is_symbol(&self, ahead: usize) -> bool {
        let colon = (self.at + ahead).checked_sub(1);
        let before = colon.and_then(|it| it.checked_sub(1));
        let opens = match before.and_then(|it| self.tokens.get(it)) {
            Some(Token::Mark(mark)) => matches!(mark, '(' | ',' | '[' | '&'),
            Some(Token::Name(name)) => {
                matches!(
                    name.as_str(),
                    "send" | "public_send" | "__send__" | "method"
                )
            }
            _ => false,
        };
        self.language == Language::Ruby && opens && matches!(self.peek(ahead), Some(Token::Name(_)))
    }

    /// A symbol is the text of its name.
    pub(super) fn symbol(&mut self) -> Operand {
        let name = match self.peek(0) {
            Some(Token::Name(name)) => name.clone(),
            _ => String::new(),
        };
        self.at += 1;
        Operand {
            value: Value::Text(name),
            chain: String::new(),
        }
    }

    /// `.each(&:delete)`, `.map(&File.method(:delete))`: the method is called with every item.
    pub(super) fn each_method(&mut self, operand: &mut Operand) -> bool {
        let known = !matches!(operand.value, Value::Unknown);
        if self.language != Language::Ruby || !known || !self.is(1, '&') {
            return false;
        }
        let items = std::mem::take(&mut operand.value);
        if let (true, Some(Token::Name(name)), true) =
            (self.is(2, ':'), self.peek(3).cloned(), self.is(4, ')'))
        {
            self.at += 5;
            self.call(format!(".{name}"), items.clone(), Vec::new());
        } else {
            self.at += 2;
            self.depth += 1;
            let method = self.expression();
            self.depth -= 1;
            self.take(')');
            if !method.chain.is_empty() {
                self.call(method.chain, Value::Unknown, vec![items.clone()]);
            }
        }
        operand.value = items;
        operand.chain.clear();
        true
    }

    /// `Pathname("x").children`: what lies in the directory.
    pub(super) fn held(&mut self, operand: &mut Operand) {
        let method = operand.chain.rsplit('.').next().unwrap_or_default();
        let lists = matches!(method, "children" | "each_child" | "entries" | "each_entry");
        if self.language == Language::Ruby && lists && matches!(operand.value, Value::Text(_)) {
            operand.value = builtin::join(&operand.value, &Value::Text("*".to_owned()));
            operand.chain.clear();
            operand.chain.push_str(".each_child");
        }
    }
}

/// True for methods whose block is given what they find.
pub(super) fn walks(chain: &str) -> bool {
    matches!(
        chain,
        "Dir.glob" | "Dir.each_child" | "Dir.children" | "Pathname.glob" | ".glob" | "Find.find"
    )
}

/// A call of a method that is named becomes a call of that method.
pub(super) fn named(chain: &mut String, args: &mut Vec<Value>) {
    for end in [".call", ".to_proc"] {
        if let Some(bare) = chain.strip_suffix(end) {
            chain.truncate(bare.len());
        }
    }
    let (module, method) = chain.rsplit_once('.').unwrap_or(("", chain.as_str()));
    let sends = matches!(method, "send" | "public_send" | "__send__");
    // Of several names in turn one tells what is done.
    let first = match args.first().filter(|_| sends) {
        Some(Value::List(names)) => names.first(),
        first => first,
    };
    let Some(Value::Text(name)) = first else {
        return;
    };
    *chain = match module {
        "" | "self" => name.clone(),
        _ => format!("{module}.{name}"),
    };
    args.remove(0);
}
