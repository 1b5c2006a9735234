using IrohRpc.Quic.Tls.Alerts;

namespace IrohRpc.Quic.Tls.Messages;

/// <summary>NewSessionTicket (RFC 8446, section 4.6.1).</summary>
/// <remarks>Its spans are parts of the message.</remarks>
internal ref struct NewSessionTicketMessage
{
    /// <summary>The value of max_early_data_size that QUIC demands (RFC 9001, section 4.6.1).</summary>
    private const uint UnlimitedEarlyData = 0xffffffff;

    private const uint MaxLifetimeSeconds = 604800;

    /// <summary>For how many seconds the ticket may be used.</summary>
    public uint LifetimeSeconds { get; private set; }

    /// <summary>What is added to the ticket's age to hide it.</summary>
    public uint AgeAdd { get; private set; }

    /// <summary>What tells the ticket's key from those of other tickets of the connection.</summary>
    public ReadOnlySpan<byte> Nonce { get; private set; }

    /// <summary>The ticket.</summary>
    public ReadOnlySpan<byte> Ticket { get; private set; }

    /// <summary>Whether 0-RTT data may be sent with the ticket.</summary>
    public bool AllowsEarlyData { get; private set; }

    /// <summary>Reads the message.</summary>
    /// <param name="message">The message with its header.</param>
    public static NewSessionTicketMessage Read(ReadOnlySpan<byte> message)
    {
        NewSessionTicketMessage result = default;
        var reader = new MessageReader(message[4..]);
        result.LifetimeSeconds = reader.ReadUInt32();
        result.AgeAdd = reader.ReadUInt32();
        result.Nonce = reader.ReadVector8();
        result.Ticket = reader.ReadVector16(1);
        var extensions = new ExtensionReader(reader.ReadVector16());
        reader.EnsureEnd();
        while (extensions.Read())
        {
            // Extensions of a ticket that are not known are ignored.
            if (extensions.Type != ExtensionType.EarlyData)
            {
                continue;
            }

            var content = new MessageReader(extensions.Content);
            uint size = content.ReadUInt32();
            content.EnsureEnd();
            if (size != UnlimitedEarlyData)
            {
                throw TlsAlertException.ProtocolViolation("A ticket limits early data by a number of bytes, which QUIC does not.");
            }

            result.AllowsEarlyData = true;
        }

        return result.LifetimeSeconds <= MaxLifetimeSeconds
            ? result
            : throw TlsAlertException.Illegal("A ticket claims to live for more than seven days.");
    }

    /// <summary>Writes the message.</summary>
    /// <param name="writer">Where to.</param>
    public readonly void Write(MessageWriter writer)
    {
        int message = writer.BeginMessage(HandshakeType.NewSessionTicket);
        writer.WriteUInt32(LifetimeSeconds);
        writer.WriteUInt32(AgeAdd);
        writer.WriteVector8(Nonce);
        writer.WriteVector16(Ticket);
        int extensions = writer.BeginVector(2);
        if (AllowsEarlyData)
        {
            int extension = writer.BeginExtension(ExtensionType.EarlyData);
            writer.WriteUInt32(UnlimitedEarlyData);
            writer.EndExtension(extension);
        }

        writer.EndVector(extensions, 2);
        writer.EndMessage(message);
    }

    /// <summary>Makes a message to be written.</summary>
    /// <param name="lifetimeSeconds">For how many seconds the ticket may be used.</param>
    /// <param name="ageAdd">What is added to the ticket's age.</param>
    /// <param name="nonce">What tells it from other tickets of the connection.</param>
    /// <param name="ticket">The ticket.</param>
    /// <param name="allowsEarlyData">Whether 0-RTT data may be sent with it.</param>
    public static NewSessionTicketMessage Create(
        uint lifetimeSeconds, uint ageAdd, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> ticket, bool allowsEarlyData)
    {
        NewSessionTicketMessage result = default;
        result.LifetimeSeconds = lifetimeSeconds;
        result.AgeAdd = ageAdd;
        result.Nonce = nonce;
        result.Ticket = ticket;
        result.AllowsEarlyData = allowsEarlyData;
        return result;
    }
}
