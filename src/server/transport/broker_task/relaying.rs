//! Between the broker and the relay: orders, news, and connections that become legs.
//!
//! Must not know: how packets are relayed, or who calls whom.

use async_std::channel::Sender;

use super::BrokerTask;
use crate::model::Text;
use crate::protocol::{Code, Envelope, Event};
use crate::server::broker::Input;
use crate::server::ids::ConnId;
use crate::server::relay::orders::RelayNews;
use crate::server::transport::relay_task::shown_leg::ShownLeg;

impl BrokerTask {
    /// Gives the relay the broker's orders.
    pub(super) fn order_relay(&mut self) {
        let mut news = self.services.relay.tend();
        news.extend(
            std::mem::take(&mut self.outbox.relay).into_iter().filter_map(|order| self.services.relay.order(order)),
        );
        news.into_iter().for_each(|news| self.handle(Input::Relay(news)));
    }

    /// Takes news of the relay.
    pub(super) fn take_news(&mut self, news: RelayNews) {
        self.services.relay.hear(news);
        self.handle(Input::Relay(news));
    }

    /// A connection shows a token. It becomes a leg once everything that was said to it is written.
    pub(super) fn take_leg(&mut self, shown: ShownLeg, answer: Sender<bool>) {
        if self.services.relay.knows(shown.token) {
            return self.shown_legs.push((shown, answer));
        }
        self.refuse_leg(shown.conn, shown.reference);
        let _ = answer.try_send(false);
    }

    /// Hands the connections over that carry legs from now on; the broker forgets them.
    pub(super) fn hand_over_legs(&mut self) {
        for (shown, answer) in std::mem::take(&mut self.shown_legs) {
            let conn = shown.conn;
            let handed_over = self.senders.release(conn);
            if handed_over {
                self.handle(Input::Disconnected(conn, "carries a leg"));
                // If the relay has no room, this closes the connection: nobody has it any more.
                self.services.relay.show(shown);
            }
            let _ = answer.try_send(handed_over);
        }
    }

    fn refuse_leg(&mut self, conn: ConnId, reference: Option<String>) {
        let text = Text::line("There is no such call, or it is over.");
        self.outbox.send(conn, &Envelope::answer(reference, Event::Refused(Code::NoSuchCall, text)));
        self.outbox.close(conn);
    }
}
