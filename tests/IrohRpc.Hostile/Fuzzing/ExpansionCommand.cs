using System.Globalization;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.Hostile;

/// <summary>Finds for each collection the payload that becomes the largest for its length: elements of the fewest bytes, as many as are let through.</summary>
internal static class ExpansionCommand
{
    private const int Largest = 1024 * 1024;

    public static int Run()
    {
        var rows = new List<(string Name, int Bytes, long Allocated)>();
        foreach (Target target in Target.All.Where(target => target.Part.Shape.Kind == ShapeKind.List))
        {
            byte[] item = Least(target.Part.Shape.Parts[0], depth: 0);
            int low = 0;
            int high = Largest / Math.Max(1, item.Length);
            while (low < high)
            {
                int middle = (int)(((long)low + high + 1) / 2);
                if (IsRead(target, Payload(item, middle)))
                {
                    low = middle;
                }
                else
                {
                    high = middle - 1;
                }
            }

            byte[] payload = Payload(item, low);
            IsRead(target, payload);
            long before = GC.GetAllocatedBytesForCurrentThread();
            IsRead(target, payload);
            rows.Add((target.Name, payload.Length, GC.GetAllocatedBytesForCurrentThread() - before));
        }

        int wrong = 0;
        Console.WriteLine($"{"type",-40} {"bytes",9} {"allocated",10} {"ratio",6}");
        foreach ((string name, int bytes, long allocated) in rows.OrderByDescending(row => (double)row.Allocated / row.Bytes))
        {
            bool isTooMuch = allocated > PayloadLimits.Default.MemoryFor(bytes);
            wrong += isTooMuch ? 1 : 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-40} {bytes,9} {allocated,10} {(double)allocated / bytes,6:F1}{(isTooMuch ? "  too much" : "")}"));
        }

        return wrong == 0 ? 0 : 1;
    }

    private static bool IsRead(Target target, byte[] payload)
    {
        try
        {
            GC.KeepAlive(target.Read(payload, PayloadLimits.Default));
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
        catch (ArgumentException)
        {
            // Keys that occur twice: the check let it through.
            return true;
        }
    }

    private static byte[] Payload(byte[] item, int count)
    {
        byte[] payload = new byte[4 + (count * item.Length)];
        BitConverter.GetBytes(count).CopyTo(payload, 0);
        for (int i = 0; i < count; i++)
        {
            item.CopyTo(payload, 4 + (i * item.Length));
        }

        return payload;
    }

    private static byte[] Least(PayloadPart part, int depth)
    {
        PayloadShape shape = part.Shape;
        switch (shape.Kind)
        {
            case ShapeKind.Fixed or ShapeKind.CheckedFixed:
                return new byte[shape.Size];
            case ShapeKind.Object when !(part.AllowsNull && !shape.IsStruct) && depth < 5:
                return [(byte)shape.Parts.Length, .. shape.Parts.SelectMany(inner => Least(inner, depth + 1))];
            case ShapeKind.Row:
                return [.. shape.Parts.SelectMany(inner => Least(inner, depth + 1))];
            case ShapeKind.Tolerant when !part.AllowsNull:
                return [0];
            case ShapeKind.Circular when !part.AllowsNull:
                return [0, 0];
            case ShapeKind.Union when !part.AllowsNull:
                (int tag, PayloadShape found) = shape.Cases.First();
                return [(byte)tag, .. Least(new PayloadPart(found), depth + 1)];
            case ShapeKind.Version when !part.AllowsNull:
                return [4, .. new byte[16]];
            case ShapeKind.BitArray when !part.AllowsNull:
                return [2, .. new byte[8]];
            case ShapeKind.Object or ShapeKind.Tolerant or ShapeKind.Circular or ShapeKind.Union or ShapeKind.Grid or ShapeKind.Version or ShapeKind.BitArray:
                return [255];
            default:
                return new byte[4];
        }
    }
}
