"""The segments room: who are our customers?"""

from guilder.segments.segment import SegmentsResult, segment
from guilder.segments.segmenter import TRUSTED_TYPES, CustomerSegmenter

__all__ = ["TRUSTED_TYPES", "CustomerSegmenter", "SegmentsResult", "segment"]
