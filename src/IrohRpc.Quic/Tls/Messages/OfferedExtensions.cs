using IrohRpc.Quic.Tls.Alerts;

namespace IrohRpc.Quic.Tls.Messages;

/// <summary>The extensions of a message that asks, by which those of the answer are judged (RFC 8446, section 4.2).</summary>
internal sealed class OfferedExtensions
{
    private readonly HashSet<ExtensionType> _types = [];

    private OfferedExtensions()
    {
    }

    /// <summary>For answers to a message that has no extensions to answer.</summary>
    public static OfferedExtensions None { get; } = new();

    /// <summary>The extensions of a ClientHello.</summary>
    /// <param name="clientHello">The message with its header, as this side sent it.</param>
    public static OfferedExtensions Of(ReadOnlySpan<byte> clientHello)
    {
        const int VersionAndRandom = 2 + 32;
        var reader = new MessageReader(clientHello[4..]);
        reader.ReadBytes(VersionAndRandom);
        reader.ReadVector8();
        reader.ReadVector16();
        reader.ReadVector8();
        var offered = new OfferedExtensions();
        var extensions = new ExtensionReader(reader.ReadVector16());
        while (extensions.Read())
        {
            offered._types.Add(extensions.Type);
        }

        return offered;
    }

    /// <summary>Whether the extension was offered.</summary>
    /// <param name="type">The extension.</param>
    public bool Contains(ExtensionType type) => _types.Contains(type);

    /// <summary>The exception for an extension that may not stand where it does.</summary>
    /// <param name="type">The extension.</param>
    /// <param name="message">The name of the message that it stands in.</param>
    public TlsAlertException Refuse(ExtensionType type, string message)
        => Contains(type)
            ? TlsAlertException.Illegal($"Extension {(ushort)type} is not allowed in a {message}.")
            : new TlsAlertException(
                AlertDescription.UnsupportedExtension, $"The {message} has extension {(ushort)type}, which was not offered.");
}
