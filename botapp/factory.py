"""The table of all screens."""

from collections.abc import Mapping
from types import MappingProxyType

from botapp.screens.addresses import Check, Field, Fields, Recipient, Sender
from botapp.screens.balance import Balance
from botapp.screens.base import Screen
from botapp.screens.batch import (
    BatchColumn,
    BatchColumns,
    BatchScreen,
    BatchSender,
    BatchSizes,
    BatchWeight,
)
from botapp.screens.confirm import Confirm
from botapp.screens.contents import Contents, Item, Items
from botapp.screens.finding import Find
from botapp.screens.formats import Formats
from botapp.screens.help import Help
from botapp.screens.languages import Languages
from botapp.screens.menu import Menu
from botapp.screens.naming import Name, Save
from botapp.screens.orders import OrderPage, Orders
from botapp.screens.pair import Pair
from botapp.screens.parcel import Sizes, Weight
from botapp.screens.parcels import TrackingPage, VoidPage
from botapp.screens.privacy import Forget
from botapp.screens.providers import Providers
from botapp.screens.rates import Buying, Pay, Rates
from botapp.screens.saved import Delete, Saved, SavedList, SavedOne
from botapp.screens.settings import Settings, Zone
from botapp.screens.topups import Insufficient, Invoice, Topup
from botapp.screens.unfinished import Unfinished
from botapp.screens.verdict import Verdict
from botapp.states import Place

SCREENS: Mapping[Place, Screen] = MappingProxyType(
    {
        screen.place: screen
        for screen in (
            Menu(),
            Help(),
            Languages(),
            Unfinished(),
            Sender(),
            Recipient(),
            Pair(),
            Field(),
            Check(),
            Verdict(),
            Fields(),
            Weight(),
            Sizes(),
            Contents(),
            Item(),
            Items(),
            Confirm(),
            Rates(),
            Pay(),
            Insufficient(),
            Buying(),
            Topup(),
            Providers(),
            Invoice(),
            Balance(),
            Orders(),
            OrderPage(),
            Formats(),
            Find(),
            TrackingPage(),
            Settings(),
            Zone(),
            Forget(),
            VoidPage(),
            Saved(),
            SavedList(),
            SavedOne(),
            Save(),
            Name(),
            Delete(),
            BatchScreen(),
            BatchColumns(),
            BatchColumn(),
            BatchSender(),
            BatchWeight(),
            BatchSizes(),
        )
    }
)
