"""The risk room: will this loan be repaid?"""
