using System.Globalization;
using IrohRpc.CompilerServices;
using IrohRpc.Internal;

namespace IrohRpc.Hostile;

/// <summary>Compares what collections take of memory with what the check counts for them.</summary>
internal static class CostsCommand
{
    // Collections that grow by doubling cost the most just beyond a power of two, those that have locks wherever one of these guards too much.
    private static readonly int[] Counts = [1, 2, 3, 5, 9, 17, 33, 52, 61, 69, 76, 88, 108, 113, 120, 143, 160, 183, 195, 248, 344, 497, 1000, 1030, 3000, 5000];

    private static readonly PayloadLimits Generous = new(256, 1_000_000, int.MaxValue);

    public static int Run()
    {
        int wrong = 0;
        Console.WriteLine($"{"type",-50} {"empty",8} {"counted",8} {"an item",8} {"counted",8}");
        foreach (Target target in Target.All.Where(target => target.Part.Shape.Kind == ShapeKind.List && HasPlainItems(target.Part.Shape)))
        {
            PayloadShape shape = target.Part.Shape;
            long empty = Allocated(target, shape, 0);
            int counted = shape.ItemCost + (shape.Copies * shape.Parts[0].Shape.Inline);
            double item = Counts.Max(count => (Allocated(target, shape, count) - empty) / (double)count);
            bool isWrong = empty > shape.Heap || Counts.Any(count => Allocated(target, shape, count) > shape.Heap + shape.AnyCost + (count * (long)counted));
            wrong += isWrong ? 1 : 0;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name,-50} {empty,8} {shape.Heap,8} {item,8:F1} {counted,8}{(isWrong ? "  too little" : "")}"));
        }

        return wrong == 0 ? 0 : 1;
    }

    private static bool HasPlainItems(PayloadShape list)
        => list.Parts[0].Shape != PayloadShape.LongText && list.Parts[0].Shape is { Kind: ShapeKind.Fixed or ShapeKind.CheckedFixed or ShapeKind.Text }
            or { Kind: ShapeKind.Row, Parts: [{ Shape.Kind: ShapeKind.Fixed }, { Shape.Kind: ShapeKind.Text }] };

    private static long Allocated(Target target, PayloadShape shape, int count)
    {
        byte[] payload = Payload(shape.Parts[0].Shape, count);
        long least = long.MaxValue;
        for (int i = 0; i < 4; i++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                GC.KeepAlive(target.Read(payload, Generous));
            }
            catch (ArgumentException)
            {
                // Keys that occur twice.
                return 0;
            }

            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }

    private static byte[] Payload(PayloadShape item, int count)
    {
        var bytes = new List<byte>(BitConverter.GetBytes(count));
        for (int i = 0; i < count; i++)
        {
            foreach (PayloadShape shape in item.Kind == ShapeKind.Row ? item.Parts.Select(part => part.Shape) : [item])
            {
                byte[] value = new byte[shape.Kind == ShapeKind.Text ? 4 : shape.Size];
                if (shape.Kind == ShapeKind.Fixed && shape.Size >= 4)
                {
                    BitConverter.GetBytes(i).CopyTo(value, 0);
                }

                bytes.AddRange(value);
            }
        }

        return [.. bytes];
    }
}
