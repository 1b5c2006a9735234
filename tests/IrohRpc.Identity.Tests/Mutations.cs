using CsCheck;

namespace IrohRpc.Tests;

/// <summary>A few changes to a byte string, as an attacker or a bad line would make them.</summary>
internal sealed record Mutations((int Kind, double Where, byte Value)[] Steps)
{
    public static Gen<Mutations> Any { get; } =
        Gen.Select(Gen.Int[0, 5], Gen.Double.Unit, Gen.Byte).Array[1, 4].Select(steps => new Mutations(steps));

    public byte[] ApplyTo(byte[] bytes) => Steps.Aggregate(bytes, static (now, step) =>
    {
        int at = (int)(step.Where * now.Length);
        return step.Kind switch
        {
            _ when now.Length == 0 => [step.Value],
            0 => [.. now[..at], step.Value, .. now[(at + 1)..]],
            1 => [.. now[..at], (byte)(now[at] ^ (1 << (step.Value & 7))), .. now[(at + 1)..]],
            2 => [.. now[..at], step.Value, .. now[at..]],
            3 => [.. now[..at], .. now[(at + 1)..]],
            4 => now[..at],
            _ => [.. now, step.Value],
        };
    });
}
