using System.Buffers.Binary;
using IrohRpc.Quic.Tls.Messages;

namespace IrohRpc.Quic.Tests.Tls;

/// <summary>Takes handshake messages apart and puts them together with something changed, lengths set right.</summary>
internal static class MessageEditor
{
    public static List<byte[]> Split(byte[] flight)
    {
        var messages = new List<byte[]>();
        for (int position = 0; position < flight.Length;)
        {
            int length = 4 + ((flight[position + 1] << 16) | BinaryPrimitives.ReadUInt16BigEndian(flight.AsSpan(position + 2)));
            messages.Add(flight[position..(position + length)]);
            position += length;
        }

        return messages;
    }

    public static byte[] Message(HandshakeType type, params byte[] body)
        => [(byte)type, (byte)(body.Length >> 16), (byte)(body.Length >> 8), (byte)body.Length, .. body];

    /// <summary>Changes the messages of one type in a flight.</summary>
    public static byte[] Edit(byte[] flight, HandshakeType type, Func<byte[], byte[]> edit)
        => [.. Split(flight).SelectMany(message => message[0] == (byte)type ? edit(message) : message)];

    public static byte[] WithBody(byte[] message, Func<byte[], byte[]> edit) => Message((HandshakeType)message[0], edit(message[4..]));

    /// <summary>Changes the list of extensions.</summary>
    public static byte[] WithExtensions(byte[] message, Action<List<(int Type, byte[] Content)>> edit)
    {
        int start = ExtensionsOffset(message);
        var list = new List<(int, byte[])>();
        for (int position = start + 2; position < message.Length;)
        {
            int type = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(position));
            int length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(position + 2));
            list.Add((type, message[(position + 4)..(position + 4 + length)]));
            position += 4 + length;
        }

        edit(list);
        byte[] encoded = [.. list.SelectMany(extension => (byte[])[.. UInt16(extension.Item1), .. Vector16(extension.Item2)])];
        return Message((HandshakeType)message[0], [.. message[4..start], .. Vector16(encoded)]);
    }

    public static byte[] Replace(byte[] message, int type, params byte[] content) => WithExtensions(message, list =>
    {
        int index = list.FindIndex(extension => extension.Type == type);
        Assert.True(index >= 0, $"The message has no extension {type}.");
        list[index] = (type, content);
    });

    public static byte[] Remove(byte[] message, int type) => WithExtensions(message, list => list.RemoveAll(extension => extension.Type == type));

    public static byte[] Insert(byte[] message, int type, params byte[] content)
        => WithExtensions(message, list => list.Insert(0, (type, content)));

    public static byte[] Append(byte[] message, int type, params byte[] content)
        => WithExtensions(message, list => list.Add((type, content)));

    public static byte[] Duplicate(byte[] message, int type)
        => WithExtensions(message, list => list.Insert(0, list.Find(extension => extension.Type == type)));

    public static byte[] Content(byte[] message, int type)
    {
        byte[] content = [];
        WithExtensions(message, list => content = list.Find(extension => extension.Type == type).Content);
        return content;
    }

    public static byte[] UInt16(int value) => [(byte)(value >> 8), (byte)value];

    public static byte[] Vector8(params byte[] content) => [(byte)content.Length, .. content];

    public static byte[] Vector16(params byte[] content) => [.. UInt16(content.Length), .. content];

    private static int ExtensionsOffset(byte[] message) => (HandshakeType)message[0] switch
    {
        HandshakeType.ClientHello => AfterVector8(message, AfterVector16(message, AfterVector8(message, 4 + 2 + 32))),
        HandshakeType.ServerHello => AfterVector8(message, 4 + 2 + 32) + 2 + 1,
        HandshakeType.EncryptedExtensions => 4,
        HandshakeType.CertificateRequest => AfterVector8(message, 4),
        HandshakeType.NewSessionTicket => AfterVector16(message, AfterVector8(message, 4 + 8)),
        _ => throw new ArgumentException("This message has no extensions.", nameof(message)),
    };

    private static int AfterVector8(byte[] message, int position) => position + 1 + message[position];

    private static int AfterVector16(byte[] message, int position)
        => position + 2 + BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(position));
}
