"""What the sandbox's own methods take, for when no full description is at hand."""

from typing import Any

from sandbox.telegram.spec import Judge

_CHAT = "chat_id!:Integer|String"
_ANY_MARKUP = "reply_markup:InlineKeyboardMarkup|ReplyKeyboardMarkup|ReplyKeyboardRemove|ForceReply"
_SENDING = (
    f"{_CHAT} business_connection_id:String message_thread_id:Integer"
    " direct_messages_topic_id:Integer parse_mode:String disable_notification:Boolean"
    " protect_content:Boolean allow_paid_broadcast:Boolean message_effect_id:String"
    f" reply_parameters:ReplyParameters {_ANY_MARKUP}"
)
_EDITING = (
    "business_connection_id:String chat_id:Integer|String message_id:Integer"
    " inline_message_id:String reply_markup:InlineKeyboardMarkup"
)
_CAPTION = "caption:String caption_entities:[MessageEntity]"

_METHODS = {
    "getMe": "",
    "getUpdates": "offset:Integer limit:Integer timeout:Integer allowed_updates:[String]",
    "setWebhook": "url!:String ip_address:String max_connections:Integer"
    " allowed_updates:[String] drop_pending_updates:Boolean secret_token:String",
    "deleteWebhook": "drop_pending_updates:Boolean",
    "getWebhookInfo": "",
    "sendMessage": f"{_SENDING} text!:String entities:[MessageEntity]"
    " link_preview_options:LinkPreviewOptions",
    "sendPhoto": f"{_SENDING} photo!:InputFile|String {_CAPTION}"
    " show_caption_above_media:Boolean has_spoiler:Boolean",
    "sendDocument": f"{_SENDING} document!:InputFile|String {_CAPTION}"
    " thumbnail:InputFile|String disable_content_type_detection:Boolean",
    "sendChatAction": f"{_CHAT} business_connection_id:String message_thread_id:Integer"
    " action!:String",
    "editMessageText": f"{_EDITING} text:String parse_mode:String entities:[MessageEntity]"
    " link_preview_options:LinkPreviewOptions",
    "editMessageCaption": f"{_EDITING} parse_mode:String {_CAPTION}"
    " show_caption_above_media:Boolean",
    "editMessageReplyMarkup": _EDITING,
    "deleteMessage": f"{_CHAT} message_id!:Integer",
    "answerCallbackQuery": "callback_query_id!:String text:String show_alert:Boolean url:String"
    " cache_time:Integer",
    "getFile": "file_id!:String",
    "getChat": _CHAT,
    "setMyCommands": "commands!:[BotCommand] scope:BotCommandScope language_code:String",
    "getMyCommands": "scope:BotCommandScope language_code:String",
    "deleteMyCommands": "scope:BotCommandScope language_code:String",
    "setMyName": "name:String language_code:String",
    "getMyName": "language_code:String",
    "setMyDescription": "description:String language_code:String",
    "getMyDescription": "language_code:String",
    "setMyShortDescription": "short_description:String language_code:String",
    "getMyShortDescription": "language_code:String",
    "setChatMenuButton": "chat_id:Integer menu_button:MenuButton",
    "getChatMenuButton": "chat_id:Integer",
}

_TYPES = {
    "InlineKeyboardMarkup": "inline_keyboard!:[[InlineKeyboardButton]]",
    "BotCommand": "command!:String description!:String is_ephemeral:Boolean",
    "LinkPreviewOptions": "is_disabled:Boolean url:String prefer_small_media:Boolean"
    " prefer_large_media:Boolean show_above_text:Boolean",
}


def _field(notation: str) -> dict[str, Any]:
    name, _, kinds = notation.partition(":")
    return {
        "name": name.rstrip("!"),
        "required": name.endswith("!"),
        "types": [kind.replace("[", "Array of ").replace("]", "") for kind in kinds.split("|")],
    }


def _described(table: dict[str, str]) -> dict[str, Any]:
    return {
        name: {"fields": [_field(notation) for notation in notations.split()]}
        for name, notations in table.items()
    }


def built_in_judge() -> Judge:
    return Judge(methods=_described(_METHODS), types=_described(_TYPES))
