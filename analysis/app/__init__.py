"""The what-if page: an organisation, up to four strategies, and what they do, within a second.

``setup`` is what a session is about, ``desk`` simulates it beside the page, ``charts`` draws it, and
each page of ``pages`` shows a part. ``main`` is what Streamlit runs; it is started by ``serve`` only.
"""
