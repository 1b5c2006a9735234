using System.Text;
using IrohRpc.Internal;

namespace IrohRpc.Tests;

/// <summary>Writes what went over streams as docs/protocol.md prints it: bytes to the left, their meaning to the right.</summary>
internal sealed class ExchangeText
{
    private const int BytesInLine = 12;

    private readonly StringBuilder _text = new();

    public override string ToString() => _text.ToString();

    public void Heading(string title) => _text.Append($"### {title}\n\n");

    public void Stream(RecordingStream stream)
    {
        _text.Append($"Stream {stream.Id}, from the caller:\n\n");
        ReadOnlySpan<byte> rest = stream.Written;
        Line(rest[..2], $"version 1, kind {rest[1]}: {((StreamKind)rest[1]).ToString().ToLowerInvariant()}");
        rest = rest[2..];
        if ((StreamKind)stream.Written[1] == StreamKind.Channel)
        {
            Varint(ref rest, "of the call on stream");
            Varint(ref rest, "for the parameter");
        }

        Frames(rest);
        if (stream.Received.Length > 0)
        {
            _text.Append($"Stream {stream.Id}, to the caller:\n\n");
            Frames(stream.Received);
        }
    }

    private void Frames(ReadOnlySpan<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            ReadOnlySpan<byte> head = rest;
            VarInt.TryRead(ref rest, out long length);
            var type = (FrameType)rest[0];
            ReadOnlySpan<byte> body = rest.Slice(1, (int)length - 1);
            rest = rest[(int)length..];
            Line(head[..(head.Length - rest.Length - body.Length)], $"{length} bytes: {type.ToString().ToUpperInvariant()}");
            Body(type, body);
        }

        _text.Append('\n');
    }

    private void Body(FrameType type, ReadOnlySpan<byte> body)
    {
        if (type is FrameType.Request or FrameType.Notification or FrameType.Response or FrameType.Failure or FrameType.Cancel)
        {
            Varint(ref body, "call");
        }

        if (type is FrameType.Request or FrameType.Notification)
        {
            Varint(ref body, "target");
            Line(body[..4], "name id");
            Line(body[4..12], "signature id");
            body = body[12..];
        }

        if (type is FrameType.Failure or FrameType.End)
        {
            ReadOnlySpan<byte> before = body;
            VarInt.TryRead(ref body, out long status);
            Line(before[..(before.Length - body.Length)], $"status {status}: {(RpcStatusCode)status}");
        }

        if (type is FrameType.Progress)
        {
            Varint(ref body, "parameter");
        }

        if (type is FrameType.Request or FrameType.Notification or FrameType.Response or FrameType.Failure or FrameType.End)
        {
            Fields(ref body);
        }

        if (!body.IsEmpty)
        {
            Line(body, type is FrameType.Request or FrameType.Notification ? "arguments" : type == FrameType.Response ? "result" : "value");
        }
    }

    private void Fields(ref ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> before = body;
        WireFormat.TryReadFields(ref body, out ReadOnlySpan<byte> fields);
        Line(before[..(before.Length - body.Length - fields.Length)], fields.IsEmpty ? "no fields" : $"{fields.Length} bytes of fields");
        while (!fields.IsEmpty)
        {
            before = fields;
            VarInt.TryRead(ref fields, out long tag);
            WireFormat.TryReadFields(ref fields, out ReadOnlySpan<byte> value);
            string meaning = tag == FieldTag.Message ? $"message: {Encoding.UTF8.GetString(value)}" : tag == FieldTag.Fault ? "fault" : tag == FieldTag.Turn ? "turn" : "timeout";
            Line(before[..(before.Length - fields.Length)], meaning);
        }
    }

    private void Varint(ref ReadOnlySpan<byte> rest, string meaning)
    {
        ReadOnlySpan<byte> before = rest;
        VarInt.TryRead(ref rest, out long value);
        Line(before[..(before.Length - rest.Length)], $"{meaning} {value}");
    }

    private void Line(ReadOnlySpan<byte> bytes, string meaning)
    {
        for (int start = 0; start < bytes.Length; start += BytesInLine)
        {
            ReadOnlySpan<byte> part = bytes[start..Math.Min(bytes.Length, start + BytesInLine)];
            string hex = string.Join(' ', Convert.ToHexStringLower(part).Chunk(2).Select(static digits => new string(digits)));
            _text.Append(start == 0 ? $"    {hex,-36} {meaning}".TrimEnd() : $"    {hex}").Append('\n');
        }
    }
}
