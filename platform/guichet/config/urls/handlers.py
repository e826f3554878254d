"""The error screens of every tree."""

handler400 = "guichet.web.errors.bad_request"
handler403 = "guichet.web.errors.forbidden"
handler404 = "guichet.web.errors.not_found"
handler500 = "guichet.web.errors.server_error"
