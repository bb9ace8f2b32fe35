"""The offers room: what should we offer them next?"""
