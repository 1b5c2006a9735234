namespace IrohRpc;

/// <summary>What a <see cref="TransportAddress"/> is, in the numbers and the order that a ticket uses.</summary>
public enum TransportAddressKind
{
    /// <summary>A relay server's URL.</summary>
    Relay = 0,

    /// <summary>An IP address and a UDP port, spoken to with QUIC.</summary>
    Ip = 1,

    /// <summary>An address that only the transport with its number understands.</summary>
    Custom = 2,

    /// <summary>One or more addresses of kinds that this version does not know, kept as they came.</summary>
    Unknown = 3,
}
