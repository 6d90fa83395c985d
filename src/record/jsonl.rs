//! Reading the object on one line of JSON Lines, with every key it has, in order.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::Deserializer;
use serde::de::Error;
use serde::de::MapAccess;
use serde::de::SeqAccess;
use serde::de::Visitor;

/// A JSON value, borrowed from the line where it has no escapes.
#[derive(PartialEq)]
pub(crate) enum Item<'a> {
    Null,
    Flag(bool),
    Integer(u64),
    /// A negative or broken number.
    OtherNumber,
    Text(Cow<'a, str>),
    List(Vec<Item<'a>>),
    Object(Vec<(Cow<'a, str>, Item<'a>)>),
}

/// The keys and values of the object on a line; `None` when the line is anything else.
pub(crate) fn object(line: &str) -> Option<Vec<(Cow<'_, str>, Item<'_>)>> {
    match serde_json::from_str(line) {
        Ok(Item::Object(members)) => Some(members),
        Ok(Item::Null | Item::Flag(_) | Item::Integer(_) | Item::OtherNumber | Item::Text(_) | Item::List(_))
        | Err(_) => None,
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Item<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Items)
    }
}

struct Items;

impl<'de> Visitor<'de> for Items {
    type Value = Item<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E: Error>(self) -> Result<Item<'de>, E> {
        Ok(Item::Null)
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<Item<'de>, E> {
        Ok(Item::Flag(flag))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Item<'de>, E> {
        Ok(Item::Integer(number))
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Item<'de>, E> {
        Ok(Item::OtherNumber)
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Item<'de>, E> {
        let whole = number.fract() == 0.0 && (0.0..1e15).contains(&number);
        // 1.2e11 is as good a spelling of twelve digits as any; the type is wrong all the same.
        Ok(if whole && number >= 1e10 { Item::Integer(number as u64) } else { Item::OtherNumber })
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Item<'de>, E> {
        Ok(Item::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Item<'de>, E> {
        Ok(Item::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Item<'de>, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Item::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Item<'de>, A::Error> {
        // Most have fewer members, and growing costs more than this room.
        let mut object = Vec::with_capacity(32);
        while let Some(Key(key)) = members.next_key()? {
            object.push((key, members.next_value()?));
        }
        Ok(Item::Object(object))
    }
}

/// A key, borrowed where it has no escapes.
struct Key<'a>(Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Key<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Keys;
        impl<'de> Visitor<'de> for Keys {
            type Value = Key<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a key")
            }

            fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Borrowed(text)))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Key<'de>, E> {
                Ok(Key(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(Keys)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_order_and_twice() {
        let members = object(r#"{"b": "1", "a": [true, null], "b": 2, "c": {"d": -1}, "e": "\u5c71"}"#).unwrap();
        let keys: Vec<&str> = members.iter().map(|(key, _)| key.as_ref()).collect();
        assert_eq!(keys, ["b", "a", "b", "c", "e"]);
        assert!(members[2].1 == Item::Integer(2));
        assert!(members[4].1 == Item::Text("山".into()));
    }

    #[test]
    fn anything_but_an_object_is_refused() {
        for line in ["[]", "1", "\"a\"", "null", "{", "{} {}", "{\"a\":1,}", "{\"a\":\"\\ud800\"}", "{'a':1}", "NaN"] {
            assert!(object(line).is_none(), "{line}");
        }
        assert!(object(&"[".repeat(100_000)).is_none());
    }
}
