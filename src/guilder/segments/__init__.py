"""The segments room: who are our customers?"""
