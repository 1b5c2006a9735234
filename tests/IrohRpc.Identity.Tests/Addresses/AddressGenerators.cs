using System.Net;
using CsCheck;
using IrohRpc.Identity.Internal;

namespace IrohRpc.Tests;

/// <summary>Arbitrary addresses, of every kind and shape that can be written.</summary>
internal static class AddressGenerators
{
    private static readonly string[] OddUrls =
        ["x", "https://relay.example.", "https://bücher.example/", "https://例え.example/", "https://\U0001F600/", "https://\uFF5E/"];

    public static Gen<EndpointId> Ids { get; } = Gen.Byte.Array[EndpointId.Size].Where(static bytes => CurvePoint.IsValid(bytes)).Select(bytes => new EndpointId(bytes));

    public static Gen<TransportAddress> Relays { get; } =
        Gen.OneOf(
            Gen.Char.AlphaNumeric.Array[1, 40].Select(chars => $"https://{new string(chars)}./"),
            Gen.Int[0, OddUrls.Length - 1].Select(i => OddUrls[i]))
        .Select(TransportAddress.Relay);

    public static Gen<TransportAddress> Ips { get; } =
        Gen.Select(Gen.OneOf(Gen.Byte.Array[4], Gen.Byte.Array[16]), Gen.Int[0, 65535])
            .Select((address, port) => TransportAddress.Ip(new IPEndPoint(new IPAddress(address), port)));

    public static Gen<TransportAddress> Customs { get; } =
        Gen.Select(Gen.OneOf(Gen.ULong[0, 300], Gen.ULong), Gen.OneOf(Gen.Byte.Array[0, 3], Gen.Byte.Array[0, 200]))
            .Select((number, data) => TransportAddress.Custom(number, data));

    public static Gen<TransportAddress> Known { get; } = Gen.OneOf(Relays, Ips, Customs);

    /// <summary>Addresses of a kind that is not known: 3 to 300, then anything at all, with a count that the bytes can hold.</summary>
    public static Gen<TransportAddress> Unknowns { get; } =
        Gen.Select(Gen.Int[3, 300], Gen.Byte.Array[0, 60], Gen.Int[1, 60]).Select((kind, content, count) =>
        {
            byte[] encoded = kind < 128 ? [(byte)kind, .. content] : [(byte)(kind | 128), (byte)(kind >> 7), .. content];
            return TransportAddress.Unknown((ulong)Math.Min(count, encoded.Length), encoded);
        });

    public static Gen<EndpointAddress> Addresses { get; } =
        Gen.Select(Ids, Known.Array[0, 12], Unknowns.Array[0, 1])
            .Select((id, known, unknown) => new EndpointAddress(id, [.. known, .. unknown]));
}
