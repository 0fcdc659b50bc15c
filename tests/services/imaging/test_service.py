"""The service through its client: real server, real worker processes."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import cv2
import grpc
import numpy as np
import pytest
from PIL import Image as PillowImage

from imaging.image import Pixels
from tintype.errors import DataLoss, DeadlineExceeded, InvalidArgument
from tintype.framing import ChunkFrame
from tintype.imaging.client import ImagingClient
from tintype.imaging.receiving import Responses, open_rendition
from tintype.imaging.v1 import imaging_pb2 as pb
from tintype.streams import OutgoingFile

WIDTHS = (320, 200, 100, 50)


def jpeg(pixels: Pixels) -> bytes:
    return cv2.imencode(".jpg", pixels)[1].tobytes()


def spec_of(**options: int) -> pb.ProcessSpec:
    return pb.ProcessSpec(
        renditions=[pb.RenditionSpec(name=f"w{width}", width_px=width) for width in WIDTHS],
        **options,
    )


def test_one_call_gives_facts_and_every_rendition(
    imaging_client: ImagingClient, photograph: Pixels
) -> None:
    encoded = jpeg(photograph)
    with imaging_client.process([encoded], spec_of()) as processed:
        facts = processed.facts
        made = {
            item.header.name: (item.header, b"".join(item.chunks))
            for item in processed.renditions()
        }
    assert (facts.format, facts.width_px, facts.height_px) == (pb.IMAGE_FORMAT_JPEG, 512, 512)
    assert facts.size_bytes == len(encoded)
    assert len(facts.colors) == 5
    assert sum(color.share for color in facts.colors) == pytest.approx(1)
    assert 10 < len(facts.thumbhash) < 40
    assert sorted(made) == sorted(f"w{width}" for width in WIDTHS)
    for width in WIDTHS:
        header, content = made[f"w{width}"]
        decoded = cv2.imdecode(np.frombuffer(content, np.uint8), cv2.IMREAD_COLOR)
        assert decoded.shape == (width, width, 3)
        assert (header.width_px, header.height_px) == (width, width)
        assert (header.content_type, header.size_bytes) == ("image/jpeg", len(content))


def test_the_chunks_may_be_of_any_size(imaging_client: ImagingClient, photograph: Pixels) -> None:
    encoded = jpeg(photograph)
    whole = imaging_client.palette([encoded])
    pieces = imaging_client.palette(encoded[at : at + 1000] for at in range(0, len(encoded), 1000))
    assert whole == pieces
    small = jpeg(photograph[:16, :16])
    assert imaging_client.palette(small[at : at + 1] for at in range(len(small)))


def test_palette_and_process_sample_the_same_colours(
    imaging_client: ImagingClient, photograph: Pixels
) -> None:
    large = jpeg(np.asarray(cv2.resize(photograph, (4000, 3000)), np.uint8))
    palette = imaging_client.palette([large])
    for width in (0, 3000, 320):
        spec = pb.ProcessSpec(renditions=[pb.RenditionSpec(name="a", width_px=width)])
        with imaging_client.process([large], spec) as processed:
            assert list(processed.facts.colors) == palette


def test_inspect_tells_size_without_colours(
    imaging_client: ImagingClient, photograph: Pixels
) -> None:
    facts = imaging_client.inspect([jpeg(photograph)])
    assert (facts.width_px, facts.height_px, facts.bit_depth) == (512, 512, 8)
    assert not facts.colors
    assert not facts.thumbhash


def test_resize_makes_one_rendition(imaging_client: ImagingClient, photograph: Pixels) -> None:
    spec = pb.ResizeSpec(
        rendition=pb.RenditionSpec(
            name="crop", width_px=100, height_px=40, fit=pb.FIT_COVER, format=pb.IMAGE_FORMAT_PNG
        )
    )
    rendition = imaging_client.resize([jpeg(photograph)], spec)
    with PillowImage.open(BytesIO(b"".join(rendition.chunks))) as image:
        assert (image.format, image.size) == ("PNG", (100, 40))


@pytest.mark.parametrize(
    ("encoded", "reason", "words"),
    [
        (b"%PDF-1.7 and so on", "UNSUPPORTED_FORMAT", "a PDF document"),
        (b"", "UNSUPPORTED_FORMAT", "no bytes"),
        (b"\xff\xd8\xff\xe0", "DAMAGED_IMAGE", "breaks off"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "DAMAGED_IMAGE", "header chunk"),
    ],
)
def test_what_is_no_image_is_refused_by_name(
    imaging_client: ImagingClient, encoded: bytes, reason: str, words: str
) -> None:
    for call in (imaging_client.palette, imaging_client.inspect):
        with pytest.raises(InvalidArgument, match=words) as caught:
            call([encoded] if encoded else [])
        assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("rendition", "words"),
    [
        ({"name": ""}, "1 to 64 characters"),
        ({"name": "a", "width_px": 20_000}, "width_px is 20000"),
        ({"name": "a", "quality": 101}, "quality is 101"),
        ({"name": "a", "fit": pb.FIT_COVER, "width_px": 10}, "COVER needs"),
        ({"name": "a", "format": pb.IMAGE_FORMAT_TIFF}, "TIFF is only taken in"),
        ({"name": "a", "background_rgb": 0x1000000}, "background_rgb is 0x1000000"),
    ],
)
def test_a_wrong_spec_is_refused_with_its_value(
    imaging_client: ImagingClient, photograph: Pixels, rendition: dict[str, int], words: str
) -> None:
    spec = pb.ProcessSpec(renditions=[pb.RenditionSpec(**rendition)])
    with pytest.raises(InvalidArgument, match=words) as caught:
        imaging_client.process([jpeg(photograph)], spec)
    assert caught.value.reason == "INVALID_SPEC"


def test_an_image_past_the_limit_is_refused_while_it_comes(imaging_client: ImagingClient) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        yield b"\xff\xd8\xff\xe0" + bytes(1024)
        while sent < 200:
            sent += 1
            yield bytes(1024 * 1024)

    with pytest.raises(InvalidArgument, match="more than 67108864 bytes") as caught:
        imaging_client.palette(endless())
    assert caught.value.reason == "IMAGE_TOO_LARGE"
    assert sent < 120


def test_what_is_no_image_is_refused_at_its_first_bytes(imaging_client: ImagingClient) -> None:
    sent = 0

    def film() -> Iterator[bytes]:
        nonlocal sent
        yield b"\x00\x00\x00\x18ftypmp42" + bytes(1024 * 1024)
        while sent < 60:
            sent += 1
            time.sleep(0.05)
            yield bytes(1024)

    with pytest.raises(InvalidArgument, match="a video"):
        imaging_client.palette(film())
    assert sent < 60


def test_a_stream_that_breaks_off_is_data_loss_and_the_callers_error_comes_back(
    imaging_client: ImagingClient, photograph: Pixels, imaging_address: str
) -> None:
    def broken() -> Iterator[bytes]:
        yield jpeg(photograph)
        raise KeyError("the disk went away")

    with pytest.raises(KeyError, match="the disk went away"):
        imaging_client.palette(broken())
    with grpc.insecure_channel(imaging_address) as channel:
        call = channel.stream_unary("/tintype.imaging.v1.ImagingService/Inspect")
        first = pb.InspectRequest(options=pb.DecodeOptions()).SerializeToString()
        with pytest.raises(grpc.RpcError) as caught:
            call(iter([first]))
    assert caught.value.code() is grpc.StatusCode.DATA_LOSS


def test_a_wrong_checksum_is_data_loss(imaging_address: str, photograph: Pixels) -> None:
    encoded = jpeg(photograph)
    with grpc.insecure_channel(imaging_address) as channel:
        call = channel.stream_unary("/tintype.imaging.v1.ImagingService/Inspect")
        messages = [
            pb.InspectRequest(options=pb.DecodeOptions()),
            pb.InspectRequest(chunk=pb.Chunk(content=encoded, crc32c=1)),
        ]
        with pytest.raises(grpc.RpcError) as caught:
            call(message.SerializeToString() for message in messages)
    assert caught.value.code() is grpc.StatusCode.DATA_LOSS


def test_a_deadline_ends_the_call(imaging_client: ImagingClient, photograph: Pixels) -> None:
    with pytest.raises(DeadlineExceeded):
        imaging_client.process([jpeg(photograph)], spec_of(), timeout_s=0.001)


def test_many_callers_at_once_each_get_their_own(
    imaging_client: ImagingClient, photograph: Pixels
) -> None:
    def colors_of(shade: int) -> int:
        flat = np.full_like(photograph[:64, :64], shade)
        return int(imaging_client.palette([cv2.imencode(".png", flat)[1].tobytes()])[0].rgb)

    with ThreadPoolExecutor(8) as callers:
        found = list(callers.map(colors_of, range(0, 256, 8)))
    assert found == [shade * 0x010101 for shade in range(0, 256, 8)]


def test_a_damaged_rendition_never_passes_for_whole() -> None:
    class Call:
        """Answers with a chunk whose checksum is wrong."""

        def __init__(self) -> None:
            self.messages = iter(
                [pb.ResizeResponse(rendition=pb.RenditionHeader(name="a")), ChunkFrame(b"xyz", 7)]
            )

        def __next__(self) -> object:
            return next(self.messages)

    sent = OutgoingFile(pb.ResizeRequest(), [], lambda _: pb.ResizeRequest())
    responses = Responses(Call(), sent)
    with pytest.raises(DataLoss, match="rendition 'a' arrived damaged"):
        b"".join(open_rendition(responses, responses.next()).chunks)
