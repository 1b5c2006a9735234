using IrohRpc.CompilerServices;

namespace IrohRpc.Payloads;

/// <summary>Checks payloads before they are read.</summary>
internal static class PayloadReading
{
    // What MemoryPack's pool keeps for a payload with more objects would stay as large for ever.
    private const int MostPooledObjects = 1024;

    /// <summary>Checks a value that must fill the bytes.</summary>
    /// <param name="bytes">All of it.</param>
    /// <param name="part">What it should be.</param>
    /// <param name="plan">The plan for it.</param>
    /// <param name="limits">What it may cost.</param>
    /// <returns>Whether the state that it is read with may be used again.</returns>
    /// <exception cref="InvalidDataException">The bytes are something else.</exception>
    public static bool Check(ReadOnlySpan<byte> bytes, in PayloadPart part, PayloadPlan plan, PayloadLimits limits)
    {
        if (plan.Allows(bytes, limits))
        {
            return true;
        }

        var checker = new PayloadChecker(bytes, limits);
        if (!checker.Check(in part))
        {
            throw checker.ToException(part.Name);
        }

        return checker.IsAtEnd
            ? checker.Objects <= MostPooledObjects
            : throw new InvalidDataException($"{checker.Left} bytes follow {part.Name}.");
    }

    /// <summary>Checks the arguments of a call.</summary>
    /// <param name="bytes">All of them.</param>
    /// <param name="parts">The parameters that are among them.</param>
    /// <param name="plan">The plan for them.</param>
    /// <param name="limits">What they may cost.</param>
    /// <param name="argument">The place among them of the one that is wrong; -1 where none is.</param>
    /// <returns>Whether the state that they are read with may be used again.</returns>
    /// <exception cref="InvalidDataException">The bytes are something else.</exception>
    public static bool CheckArguments(ReadOnlySpan<byte> bytes, ReadOnlySpan<PayloadPart> parts, PayloadPlan plan, PayloadLimits limits, out int argument)
    {
        argument = -1;
        if (plan.Allows(bytes, limits))
        {
            return true;
        }

        var checker = new PayloadChecker(bytes, limits);
        for (argument = 0; argument < parts.Length; argument++)
        {
            if (!checker.Check(in parts[argument]))
            {
                throw checker.ToException(parts[argument].Name);
            }
        }

        argument = -1;
        return checker.IsAtEnd
            ? checker.Objects <= MostPooledObjects
            : throw new InvalidDataException($"{checker.Left} bytes follow the last argument");
    }
}
