"""The segments room: who are our customers?"""

from guilder.segments.segment import SegmentsResult, segment
from guilder.segments.segmenter import CustomerSegmenter

__all__ = ["CustomerSegmenter", "SegmentsResult", "segment"]
