using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Identity;

/// <summary>An IP address and port as a ticket writes them: family (0 v4, 1 v6), the address bytes, the port as a varint.</summary>
public static class SocketAddressEncoding
{
    private const ulong FamilyV4 = 0;
    private const ulong FamilyV6 = 1;

    /// <summary>Encodes an endpoint in 6 to 20 bytes. A scope id is left out.</summary>
    /// <param name="endPoint">An IPv4 or IPv6 address and port.</param>
    /// <exception cref="ArgumentException">The address is of another family.</exception>
    public static byte[] Encode(IPEndPoint endPoint)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        if (endPoint.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
        {
            throw new ArgumentException($"{endPoint} is neither an IPv4 nor an IPv6 address.", nameof(endPoint));
        }

        var writer = new PostcardWriter();
        Write(writer, endPoint);
        return writer.Written.ToArray();
    }

    /// <summary>Decodes bytes that hold one endpoint and nothing else.</summary>
    /// <param name="data">The bytes.</param>
    /// <param name="endPoint">The endpoint, where the result is true.</param>
    /// <returns>Whether the bytes are well-formed.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> data, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        var reader = new PostcardReader(data);
        if (TryRead(ref reader, out endPoint) && reader.Remaining == 0)
        {
            return true;
        }

        endPoint = null;
        return false;
    }

    internal static void Write(PostcardWriter writer, IPEndPoint endPoint)
    {
        writer.WriteVarint(endPoint.AddressFamily == AddressFamily.InterNetwork ? FamilyV4 : FamilyV6);
        writer.WriteBytes(endPoint.Address.GetAddressBytes());
        writer.WriteVarint((ulong)endPoint.Port);
    }

    internal static bool TryRead(ref PostcardReader reader, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        endPoint = null;
        if (!reader.TryReadVarint("the family of an IP address", FamilyV6, out ulong family)
            || !reader.TryReadBytes("an IP address", family == FamilyV4 ? 4u : 16u, out ReadOnlySpan<byte> address)
            || !reader.TryReadVarint("the port of an IP address", IPEndPoint.MaxPort, out ulong port))
        {
            return false;
        }

        endPoint = new IPEndPoint(new IPAddress(address), (int)port);
        return true;
    }
}
