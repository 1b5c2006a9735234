using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;
using IrohRpc;

namespace Chat;

/// <summary>What is said in a room. Its author signs it, since any member may pass it on.</summary>
/// <param name="Author">Who says it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Name">What the author is called.</param>
/// <param name="Text">What is said.</param>
/// <param name="Time">When, by the author's clock.</param>
internal sealed record ChatMessage(EndpointId Author, ChatMessageKind Kind, string Name, string Text, DateTimeOffset Time)
{
    private const int HeaderSize = SecretKey.SignatureSize + EndpointId.Size;
    private const int MaxTextLength = 2000;
    private const int MaxNameLength = 40;

    /// <summary>A signature, the author's id, and JSON; the signature is over the room and all that follows it.</summary>
    public byte[] Sign(SecretKey key, string room)
    {
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(new Body(Kind, Name, Text, Time), ChatJson.Default.Body);
        byte[] signed = [.. key.Id.ToByteArray(), .. json];
        return [.. key.Sign(Signed(room, signed)), .. signed];
    }

    /// <summary>Reads a message of anybody.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, string room, [NotNullWhen(true)] out ChatMessage? message)
    {
        message = null;
        if (bytes.Length <= HeaderSize)
        {
            return false;
        }

        var author = new EndpointId(bytes.Slice(SecretKey.SignatureSize, EndpointId.Size));
        if (!author.Verify(Signed(room, bytes[SecretKey.SignatureSize..]), bytes[..SecretKey.SignatureSize]))
        {
            return false;
        }

        try
        {
            Body? body = JsonSerializer.Deserialize(bytes[HeaderSize..], ChatJson.Default.Body);
            if (body is null || !Enum.IsDefined(body.Kind) || body.Name is not { Length: > 0 and <= MaxNameLength } || body.Text is not { Length: <= MaxTextLength })
            {
                return false;
            }

            message = new ChatMessage(author, body.Kind, Printable(body.Name), Printable(body.Text), body.Time);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static byte[] Signed(string room, ReadOnlySpan<byte> rest) => [.. System.Text.Encoding.UTF8.GetBytes(room), 0, .. rest];

    // A stranger's text must not steer the terminal.
    private static string Printable(string text) => string.Concat(text.Select(static c => char.IsControl(c) ? ' ' : c));

    internal sealed record Body(ChatMessageKind Kind, string Name, string Text, DateTimeOffset Time);
}

/// <summary>What a message is.</summary>
internal enum ChatMessageKind
{
    /// <summary>Something said.</summary>
    Text,

    /// <summary>The author is here; said again and again.</summary>
    Here,

    /// <summary>The author leaves.</summary>
    Bye,
}

[JsonSourceGenerationOptions(UseStringEnumConverter = true)]
[JsonSerializable(typeof(ChatMessage.Body))]
internal sealed partial class ChatJson : JsonSerializerContext;
