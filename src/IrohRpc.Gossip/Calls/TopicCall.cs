using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace IrohRpc.Gossip.Calls;

/// <summary>The content of a message that calls a contract over a topic; see docs/protocol.md, "Calls over topics".</summary>
internal readonly ref struct TopicCall
{
    /// <summary>The most versions that one call names.</summary>
    public const int MaxVersions = 16;

    private const int HeadSize = 5;
    private const int SignatureSize = EndpointId.Size + SecretKey.SignatureSize;
    private const int StampSize = 16;
    private const byte IsSigned = 1;

    private TopicCall(EndpointId? origin, long time, ulong nonce, ReadOnlySpan<byte> versions, ReadOnlySpan<byte> request)
    {
        Origin = origin;
        Time = time;
        Nonce = nonce;
        Versions = versions;
        Request = request;
    }

    private static ReadOnlySpan<byte> Magic => "irpc"u8;

    private static ReadOnlySpan<byte> Purpose => "irohrpc call over a topic 1\0"u8;

    /// <summary>Who made the call, by the signature; null where it has none.</summary>
    public EndpointId? Origin { get; }

    /// <summary>When it was made, by its maker's clock: milliseconds since 1970.</summary>
    public long Time { get; }

    /// <summary>Tells calls of one maker apart.</summary>
    public ulong Nonce { get; }

    /// <summary>The ids of the ALPNs that have the method, newest first, four bytes each.</summary>
    public ReadOnlySpan<byte> Versions { get; }

    /// <summary>What would be the body of a NOTIFICATION.</summary>
    public ReadOnlySpan<byte> Request { get; }

    /// <summary>The id of an ALPN: the first four bytes of its SHA-256.</summary>
    public static uint VersionId(string alpn)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(alpn), hash);
        return BinaryPrimitives.ReadUInt32LittleEndian(hash);
    }

    /// <summary>Whether a message calls a contract; what else is in a topic is the program's own.</summary>
    public static bool IsCall(ReadOnlySpan<byte> content) => content.StartsWith(Magic);

    /// <summary>Finds which versions a call names, without checking who says so.</summary>
    public static bool Peek(ReadOnlySpan<byte> content, out ReadOnlySpan<byte> versions)
    {
        versions = default;
        int at = HeadSize + (content.Length > Magic.Length && content[Magic.Length] == IsSigned ? SignatureSize : 0) + StampSize;
        if (!IsCall(content) || content.Length <= at || content.Length < at + 1 + (content[at] * sizeof(uint)))
        {
            return false;
        }

        versions = content.Slice(at + 1, content[at] * sizeof(uint));
        return true;
    }

    /// <summary>Writes a call.</summary>
    /// <param name="topic">The topic, which the signature covers.</param>
    /// <param name="signer">Signs; null for an unsigned call.</param>
    /// <param name="origin">Whose the signature is.</param>
    /// <param name="time">When, in milliseconds since 1970.</param>
    /// <param name="nonce">Tells the caller's calls apart.</param>
    /// <param name="versions">The ids of the ALPNs that have the method, newest first.</param>
    /// <param name="request">The body of the request.</param>
    public static byte[] Write(
        TopicId topic, Func<byte[], byte[]>? signer, EndpointId origin, long time, ulong nonce, ReadOnlySpan<uint> versions, ReadOnlySpan<byte> request)
    {
        int bodyAt = HeadSize + (signer is null ? 0 : SignatureSize);
        var content = new byte[bodyAt + StampSize + 1 + (versions.Length * sizeof(uint)) + request.Length];
        Magic.CopyTo(content);
        content[Magic.Length] = signer is null ? (byte)0 : IsSigned;

        Span<byte> body = content.AsSpan(bodyAt);
        BinaryPrimitives.WriteInt64LittleEndian(body, time);
        BinaryPrimitives.WriteUInt64LittleEndian(body[8..], nonce);
        body[StampSize] = (byte)versions.Length;
        Span<byte> rest = body[(StampSize + 1)..];
        foreach (uint version in versions)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(rest, version);
            rest = rest[sizeof(uint)..];
        }

        request.CopyTo(rest);
        if (signer is not null)
        {
            origin.CopyTo(content.AsSpan(HeadSize));
            signer(Signed(topic, origin, body)).CopyTo(content, HeadSize + EndpointId.Size);
        }

        return content;
    }

    /// <summary>Reads a call of anybody, and checks its signature where it has one.</summary>
    /// <returns>What is wrong with it; null where nothing is.</returns>
    public static string? Read(TopicId topic, ReadOnlySpan<byte> content, out TopicCall call)
    {
        call = default;
        if (content.Length < HeadSize || !IsCall(content))
        {
            return "it is no call";
        }

        if (content[Magic.Length] > IsSigned)
        {
            return $"its flags are {content[Magic.Length]:x2}, of which this version knows 01 only";
        }

        bool isSigned = content[Magic.Length] == IsSigned;
        ReadOnlySpan<byte> body = content[HeadSize..];
        EndpointId? origin = null;
        if (isSigned)
        {
            if (body.Length < SignatureSize)
            {
                return "it ends within its signature";
            }

            var id = new EndpointId(body[..EndpointId.Size]);
            if (!id.Verify(Signed(topic, id, body[SignatureSize..]), body[EndpointId.Size..SignatureSize]))
            {
                return $"it is not signed by {id}, whom it names";
            }

            origin = id;
            body = body[SignatureSize..];
        }

        if (body.Length < StampSize + 1)
        {
            return "it ends within its head";
        }

        int versions = body[StampSize] * sizeof(uint);
        ReadOnlySpan<byte> rest = body[(StampSize + 1)..];
        if (body[StampSize] is 0 or > MaxVersions || rest.Length < versions)
        {
            return $"it names {body[StampSize]} versions of its contract";
        }

        call = new TopicCall(
            origin,
            BinaryPrimitives.ReadInt64LittleEndian(body),
            BinaryPrimitives.ReadUInt64LittleEndian(body[8..]),
            rest[..versions],
            rest[versions..]);
        return null;
    }

    private static byte[] Signed(TopicId topic, EndpointId origin, ReadOnlySpan<byte> body)
        => [.. Purpose, .. topic.ToByteArray(), .. origin.ToByteArray(), .. body];
}
